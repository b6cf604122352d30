package main

import (
	"context"

	contributedbindings "github.com/dapr/components-contrib/bindings"
	cronbinding "github.com/dapr/components-contrib/bindings/cron"
	httpbinding "github.com/dapr/components-contrib/bindings/http"
	kafkabinding "github.com/dapr/components-contrib/bindings/kafka"
	contributed "github.com/dapr/components-contrib/middleware"
	"github.com/dapr/components-contrib/middleware/http/bearer"
	kubernetesresolution "github.com/dapr/components-contrib/nameresolution/kubernetes"
	kafkapubsub "github.com/dapr/components-contrib/pubsub/kafka"
	kubernetessecrets "github.com/dapr/components-contrib/secretstores/kubernetes"
	postgresv1 "github.com/dapr/components-contrib/state/postgresql/v1"
	postgresv2 "github.com/dapr/components-contrib/state/postgresql/v2"
	redisstate "github.com/dapr/components-contrib/state/redis"
	"github.com/dapr/dapr/pkg/components"
	bindings "github.com/dapr/dapr/pkg/components/bindings"
	middleware "github.com/dapr/dapr/pkg/components/middleware/http"
	nameresolution "github.com/dapr/dapr/pkg/components/nameresolution"
	pubsub "github.com/dapr/dapr/pkg/components/pubsub"
	secretstores "github.com/dapr/dapr/pkg/components/secretstores"
	state "github.com/dapr/dapr/pkg/components/state"
	handlers "github.com/dapr/dapr/pkg/middleware"
	"github.com/dapr/kit/logger"
)

func registerComponents() {
	bindings.DefaultRegistry.RegisterInputBinding(cronbinding.NewCron, "cron")
	bindings.DefaultRegistry.RegisterInputBinding(func(log logger.Logger) contributedbindings.InputBinding {
		return kafkabinding.NewKafka(log)
	}, "kafka")
	bindings.DefaultRegistry.RegisterOutputBinding(func(log logger.Logger) contributedbindings.OutputBinding {
		return kafkabinding.NewKafka(log)
	}, "kafka")
	bindings.DefaultRegistry.RegisterOutputBinding(httpbinding.NewHTTP, "http")
	nameresolution.DefaultRegistry.RegisterComponent(kubernetesresolution.NewResolver, "kubernetes")
	pubsub.DefaultRegistry.RegisterComponent(kafkapubsub.NewKafka, "kafka")
	secretstores.DefaultRegistry.RegisterComponent(kubernetessecrets.NewKubernetesSecretStore, "kubernetes")
	state.DefaultRegistry.RegisterComponent(redisstate.NewRedisStateStore, "redis")
	postgres := components.Versioning{
		Preferred: components.VersionConstructor{Version: "v2", Constructor: postgresv2.NewPostgreSQLStateStore},
		Others:    []components.VersionConstructor{{Version: "v1", Constructor: postgresv1.NewPostgreSQLStateStore}},
		Default:   "v1",
	}
	for _, name := range []string{"postgresql", "postgres"} {
		state.DefaultRegistry.RegisterComponentWithVersions(name, postgres)
	}
	middleware.DefaultRegistry.RegisterComponent(func(log logger.Logger) middleware.FactoryMethod {
		return func(metadata contributed.Metadata) (handlers.HTTP, error) {
			return bearer.NewBearerMiddleware(log).GetHandler(context.Background(), metadata)
		}
	}, "bearer")
}
