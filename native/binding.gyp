{
  "variables": {
    # 1 adds AddressSanitizer and UndefinedBehaviorSanitizer; see sanitize.mjs.
    "tenon_sanitize%": 0
  },
  "targets": [
    {
      "target_name": "tenon",
      "sources": ["<!@(node sources.mjs)"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "src"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20", "-fno-rtti"],
      # No -march: each kernel file raises the target for its own region, so the rest runs on any
      # processor. No -ffast-math: NaN means missing. No contraction: whether a multiply and an
      # add round once or twice is written down, not the compiler's choice.
      "cflags_cc": ["-std=c++20", "-O3", "-fvisibility=hidden", "-ffp-contract=off", "-Wall", "-Wextra", "-Wno-psabi", "-Wno-maybe-uninitialized", "-Wno-uninitialized"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
        "CLANG_CXX_LIBRARY": "libc++",
        "MACOSX_DEPLOYMENT_TARGET": "12.0",
        "OTHER_CPLUSPLUSFLAGS": ["-ffp-contract=off"]
      },
      "conditions": [
        ["OS=='linux'", { "libraries": ["-lpthread", "-ldl"] }],
        # -g1: lines for reports, without the variables that take half of the compiling.
        ["tenon_sanitize==1", {
          "cflags_cc": ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g1", "-O1"],
          "ldflags": ["-fsanitize=address,undefined"]
        }]
      ]
    }
  ]
}
