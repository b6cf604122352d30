module oke-proof.test/toolchain/network-prober

go 1.26
