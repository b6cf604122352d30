module oke-proof.test/toolchain/pause

go 1.26
