//! One target of `diary_core::fuzzing`, named by `DIARY_FUZZ_TARGET`, with the bytes of libFuzzer.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<String> = LazyLock::new(|| {
    std::env::var("DIARY_FUZZ_TARGET").expect("DIARY_FUZZ_TARGET names no target")
});

fuzz_target!(|bytes: &[u8]| diary_core::fuzzing::run(&TARGET, bytes));
