//! The Node.js addon of libkv.
