data "oci_objectstorage_namespace" "tenancy" {
  compartment_id = var.tenancy_id
}

locals {
  # Versions of dumps and backups would count against the same 10 GB, so that only the state keeps them.
  buckets = {
    velero = { versioning = "Disabled" }
    dumps  = { versioning = "Disabled" }
    state  = { versioning = "Enabled" }
    # The data lake, where no volume is free for one in the cluster, and what the harness tries it with.
    health-data = { versioning = "Disabled" }
    probe       = { versioning = "Disabled" }
  }

  # Nothing in these goes by its age.
  kept_buckets = { for name in ["health-data", "probe"] : name => name }
}

resource "oci_objectstorage_bucket" "platform" {
  for_each = local.buckets

  compartment_id        = var.compartment_id
  namespace             = data.oci_objectstorage_namespace.tenancy.namespace
  name                  = "${var.name}-${each.key}"
  access_type           = "NoPublicAccess"
  storage_tier          = "Standard"
  auto_tiering          = "Disabled"
  versioning            = each.value.versioning
  object_events_enabled = false
  freeform_tags         = local.tags

  # What is restored from must outlive what is destroyed.
  lifecycle {
    prevent_destroy = true
  }
}

# Lifecycle rules are carried out by the object storage service itself, which needs leave to do so.
resource "oci_identity_policy" "lifecycle" {
  compartment_id = var.compartment_id
  name           = "${var.name}-object-lifecycle"
  description    = "Lets object storage delete what its lifecycle rules name, in this compartment."
  statements     = ["Allow service objectstorage-${var.region} to manage object-family in compartment id ${var.compartment_id}"]
  freeform_tags  = local.tags
}

# Velero expires its backups itself, and its repository shares blocks between backups: deleting by age would break them. Only torn uploads go.
resource "oci_objectstorage_object_lifecycle_policy" "velero" {
  namespace = data.oci_objectstorage_namespace.tenancy.namespace
  bucket    = oci_objectstorage_bucket.platform["velero"].name

  rules {
    name        = "abort-torn-uploads"
    action      = "ABORT"
    target      = "multipart-uploads"
    is_enabled  = true
    time_amount = 1
    time_unit   = "DAYS"
  }

  depends_on = [oci_identity_policy.lifecycle]
}

resource "oci_objectstorage_object_lifecycle_policy" "kept" {
  for_each = local.kept_buckets

  namespace = data.oci_objectstorage_namespace.tenancy.namespace
  bucket    = oci_objectstorage_bucket.platform[each.key].name

  rules {
    name        = "abort-torn-uploads"
    action      = "ABORT"
    target      = "multipart-uploads"
    is_enabled  = true
    time_amount = 1
    time_unit   = "DAYS"
  }

  depends_on = [oci_identity_policy.lifecycle]
}

resource "oci_objectstorage_object_lifecycle_policy" "dumps" {
  namespace = data.oci_objectstorage_namespace.tenancy.namespace
  bucket    = oci_objectstorage_bucket.platform["dumps"].name

  rules {
    name        = "delete-old-dumps"
    action      = "DELETE"
    target      = "objects"
    is_enabled  = true
    time_amount = var.dump_retention_days
    time_unit   = "DAYS"
  }

  rules {
    name        = "abort-torn-uploads"
    action      = "ABORT"
    target      = "multipart-uploads"
    is_enabled  = true
    time_amount = 1
    time_unit   = "DAYS"
  }

  depends_on = [oci_identity_policy.lifecycle]
}

resource "oci_objectstorage_object_lifecycle_policy" "state" {
  namespace = data.oci_objectstorage_namespace.tenancy.namespace
  bucket    = oci_objectstorage_bucket.platform["state"].name

  rules {
    name        = "delete-old-states"
    action      = "DELETE"
    target      = "previous-object-versions"
    is_enabled  = true
    time_amount = 30
    time_unit   = "DAYS"
  }

  depends_on = [oci_identity_policy.lifecycle]
}
