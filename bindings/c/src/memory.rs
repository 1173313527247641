//! How results and handles pass to C and come back.

use std::{
    any::Any,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::null_mut,
};

use zeroize::Zeroizing;

use crate::{alive, text::libkv_str, uncancelled::Uncancelled};

/// A structure that C reads, made from a value of the core.
pub(crate) trait View: Sized {
    /// The core's type.
    type Source: ?Sized;

    /// Makes the structure; what it points to goes into `store`.
    fn new(source: &Self::Source, store: &mut Store) -> Self;
}

/// Owns what the views of one result point to. Texts are zeroed when it is dropped.
#[derive(Default)]
pub(crate) struct Store {
    texts: Vec<Zeroizing<Vec<u8>>>,
    parts: Vec<Box<dyn Any>>,
}

impl Store {
    pub(crate) fn text(&mut self, text: &str) -> libkv_str {
        // Made in its final size: a growing buffer would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() + 1));
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        let view = libkv_str { data: bytes.as_ptr().cast(), len: text.len() };
        self.texts.push(bytes);
        view
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) -> libkv_str {
        text.map_or(libkv_str::NONE, |text| self.text(text))
    }

    /// Keeps a list and returns its first item's address.
    pub(crate) fn list<T: 'static>(&mut self, items: Vec<T>) -> *const T {
        let first = items.as_ptr();
        self.parts.push(Box::new(items));
        first
    }

    /// Makes the view of a part and returns its address.
    pub(crate) fn part<V: View + 'static>(&mut self, source: &V::Source) -> *const V {
        let view = V::new(source, self);
        self.list(vec![view])
    }

    /// Makes the views of a list's items and returns where their addresses are.
    pub(crate) fn parts<V: View<Source: Sized> + 'static>(
        &mut self,
        sources: &[V::Source],
    ) -> *const *const V {
        let views = sources.iter().map(|source| self.part(source)).collect();
        self.list(views)
    }
}

/// A view, and behind it what it points to. C sees only the view.
#[repr(C)]
struct Lent<V> {
    view: V,
    store: Store,
}

// SAFETY: it owns what the view points to, and any thread may free that.
unsafe impl<V: View> Send for Lent<V> {}

/// A `T` on its way to C, or none. What does not get there is freed.
pub(crate) struct Gift<T> {
    made: Option<Box<dyn Send>>,
    notice: Option<Box<dyn FnOnce() + Send>>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Gift<T> {
    pub(crate) fn none() -> Self {
        Self { made: None, notice: None, kind: PhantomData }
    }

    /// Gives a handle.
    pub(crate) fn handle(handle: T) -> Self
    where
        T: Send + 'static,
    {
        Self { made: Some(Box::new(handle)), ..Self::none() }
    }

    /// Gives the view of a result.
    pub(crate) fn view(source: &T::Source) -> Self
    where
        T: View + 'static,
    {
        let mut store = Store::default();
        let view = T::new(source, &mut store);
        Self { made: Some(Box::new(Lent { view, store })), ..Self::none() }
    }

    /// Has `notice` called on the thread that hands it to C.
    pub(crate) fn with_notice(self, notice: impl FnOnce() + Send + 'static) -> Self {
        Self { notice: Some(Box::new(notice)), ..self }
    }

    /// Takes it for another type, which has to be the right one again before it gets to C.
    pub(crate) fn retype<U>(self) -> Gift<U> {
        Gift { made: self.made, notice: self.notice, kind: PhantomData }
    }

    /// Hands it to C until [`take_back`] gets the view, or [`end`] the handle.
    pub(crate) fn into_raw(self) -> *mut T {
        if let Some(notice) = self.notice {
            notice();
        }
        let pointer = self.made.map_or(null_mut(), |made| Box::into_raw(made).cast());
        alive::note(pointer);
        pointer
    }
}

/// Lends a result to C until [`take_back`] gets the pointer.
pub(crate) fn lend<V: View + 'static>(source: &V::Source) -> *mut V {
    Gift::view(source).into_raw()
}

/// Ends what [`lend`] began; does nothing for NULL.
///
/// # Safety
/// The pointer is NULL or comes from [`lend`], and this is the first time that it comes back.
pub(crate) unsafe fn take_back<V: View>(view: *mut V) {
    // SAFETY: the view is the first member of what `lend` allocated, so both have one address.
    unsafe { end(view.cast::<Lent<V>>()) }
}

/// Frees a boxed handle; does nothing for NULL. A panic on the way ends here.
///
/// # Safety
/// The pointer is NULL or comes from `Box::into_raw`, and this is the first time that it comes back.
pub(crate) unsafe fn end<T>(handle: *mut T) {
    if !handle.is_null() && alive::strike(handle) {
        let _uncancelled = Uncancelled::new();
        // SAFETY: the caller vouches for the pointer.
        let handle = unsafe { Box::from_raw(handle) };
        let _ = catch_unwind(AssertUnwindSafe(|| drop(handle)));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        alloc::{GlobalAlloc, Layout, System},
        cell::Cell,
        slice,
    };

    use super::*;

    const VALUE: &[u8] = b"correct horse battery staple";

    /// Looks at each block that a thread frees, while it may still be read.
    struct Watch;

    #[global_allocator]
    static WATCH: Watch = Watch;

    thread_local! {
        static FREED_WITH_VALUE: Cell<usize> = const { Cell::new(0) };
        static FREED_ZEROED: Cell<usize> = const { Cell::new(0) };
    }

    fn count(counter: &'static std::thread::LocalKey<Cell<usize>>, more: bool) {
        counter.with(|counter| counter.set(counter.get() + usize::from(more)));
    }

    // SAFETY: the system's allocator does the work.
    unsafe impl GlobalAlloc for Watch {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // Blocks begin zeroed, so that every byte of a freed one may be read.
            // SAFETY: as the caller's.
            unsafe { System.alloc_zeroed(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the block is still the caller's.
            let bytes = unsafe { slice::from_raw_parts(block, layout.size()) };
            count(&FREED_WITH_VALUE, bytes.windows(VALUE.len()).any(|part| part == VALUE));
            count(&FREED_ZEROED, bytes.len() == VALUE.len() + 1 && bytes.iter().all(|byte| *byte == 0));
            // SAFETY: as the caller's.
            unsafe { System.dealloc(block, layout) }
        }
    }

    struct Text(libkv_str);

    impl View for Text {
        type Source = str;

        fn new(source: &str, store: &mut Store) -> Self {
            Self(store.text(source))
        }
    }

    #[test]
    fn a_result_is_zeroed_when_it_comes_back() {
        let value = str::from_utf8(VALUE).unwrap();
        let view = lend::<Text>(value);
        // SAFETY: the view is lent until it is taken back.
        let text = unsafe { &(*view).0 };
        assert_eq!(text.len, VALUE.len());
        let before = (FREED_WITH_VALUE.get(), FREED_ZEROED.get());
        // SAFETY: it comes from `lend` and comes back once.
        unsafe { take_back(view) };
        assert_eq!((FREED_WITH_VALUE.get(), FREED_ZEROED.get()), (before.0, before.1 + 1));

        drop(VALUE.to_vec());
        assert_eq!(FREED_WITH_VALUE.get(), before.0 + 1, "the watch sees what is not zeroed");
    }

    #[test]
    #[cfg(debug_assertions)]
    fn what_comes_back_twice_is_left_alone() {
        let view = lend::<Text>("once");
        // SAFETY: it comes from `lend`; the second time is what is tried, and reads nothing.
        unsafe {
            take_back(view);
            take_back(view);
        }
    }

    #[test]
    fn texts_end_with_a_nul_that_their_length_leaves_out() {
        let mut store = Store::default();
        let view = store.text("a\0b");
        // SAFETY: the store still owns the text.
        let bytes = unsafe { slice::from_raw_parts(view.data.cast::<u8>(), view.len + 1) };
        assert_eq!(bytes, b"a\0b\0");
        assert!(store.optional_text(None).data.is_null());
        assert!(!store.optional_text(Some("")).data.is_null());
    }

    #[test]
    fn parts_stay_where_they_are() {
        let mut store = Store::default();
        let first = store.list(vec![1_u32, 2]);
        for n in 0..100 {
            store.list(vec![n; 100]);
        }
        // SAFETY: the store still owns the list.
        assert_eq!(unsafe { slice::from_raw_parts(first, 2) }, [1, 2]);
    }
}
