use std::ffi::c_void;

/// Frees what `data` points to, or is NULL where there is nothing to free. It may be called by any thread, and calls nothing of
/// libkv.
pub type libkv_release = Option<unsafe extern "C" fn(data: *mut c_void)>;

/// A pointer that a C program has handed over for good; released when this is dropped.
#[derive(Debug)]
pub(crate) struct UserData {
    pointer: *mut c_void,
    release: libkv_release,
}

// SAFETY: the header asks for what any thread may use and release.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    pub(crate) fn new(pointer: *mut c_void, release: libkv_release) -> Self {
        Self { pointer, release }
    }

    pub(crate) fn pointer(&self) -> *mut c_void {
        self.pointer
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the function came with the pointer, which is used no more.
            unsafe { release(self.pointer) }
        }
    }
}
