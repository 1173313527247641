//! The Python extension module of libkv.
