//! Length-prefixed big-endian bytes, written and read strictly.

use uuid::Uuid;

/// Bytes that are not what [`super::encode`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("伝票の記録を読めません({at}バイト目: {what})。")]
pub struct CanonicalError {
    /// Where, counted from the start of the part.
    pub at: usize,
    /// What was expected.
    pub what: &'static str,
}

#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub fn u8(&mut self, number: u8) {
        self.raw(&[number]);
    }

    pub fn u16(&mut self, number: u16) {
        self.raw(&number.to_be_bytes());
    }

    pub fn u64(&mut self, number: u64) {
        self.raw(&number.to_be_bytes());
    }

    pub fn i32(&mut self, number: i32) {
        self.raw(&number.to_be_bytes());
    }

    pub fn i64(&mut self, number: i64) {
        self.raw(&number.to_be_bytes());
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.u64(bytes.len() as u64);
        self.raw(bytes);
    }

    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub fn uuid(&mut self, id: Uuid) {
        self.raw(id.as_bytes());
    }

    /// An id that may be missing: one byte says which.
    pub fn owner(&mut self, id: Option<Uuid>) {
        self.u8(u8::from(id.is_some()));
        if let Some(id) = id {
            self.uuid(id);
        }
    }

    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.u64(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    pub fn error(&self, what: &'static str) -> CanonicalError {
        CanonicalError { at: self.at, what }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CanonicalError> {
        let end = self.at.checked_add(length).ok_or_else(|| self.error("length"))?;
        let taken = self.bytes.get(self.at..end).ok_or_else(|| self.error("length"))?;
        self.at = end;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CanonicalError> {
        let error = self.error("length");
        <[u8; N]>::try_from(self.take(N)?).map_err(|_| error)
    }

    pub fn u8(&mut self) -> Result<u8, CanonicalError> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    pub fn u16(&mut self) -> Result<u16, CanonicalError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub fn u64(&mut self) -> Result<u64, CanonicalError> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    pub fn i32(&mut self) -> Result<i32, CanonicalError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub fn i64(&mut self) -> Result<i64, CanonicalError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    pub fn bytes(&mut self) -> Result<&'a [u8], CanonicalError> {
        let length = usize::try_from(self.u64()?).map_err(|_| self.error("length"))?;
        self.take(length)
    }

    pub fn text(&mut self) -> Result<&'a str, CanonicalError> {
        let error = self.error("text");
        std::str::from_utf8(self.bytes()?).map_err(|_| error)
    }

    pub fn uuid(&mut self) -> Result<Uuid, CanonicalError> {
        Ok(Uuid::from_bytes(self.array()?))
    }

    pub fn owner(&mut self) -> Result<Option<Uuid>, CanonicalError> {
        match self.u8()? {
            0 => Ok(None),
            1 => self.uuid().map(Some),
            _ => Err(self.error("option")),
        }
    }

    pub fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, CanonicalError>,
    ) -> Result<Vec<T>, CanonicalError> {
        let count = self.u64()?;
        // each item takes at least a byte: a forged count cannot make us reserve memory
        if usize::try_from(count).map_or(true, |count| count > self.bytes.len() - self.at) {
            return Err(self.error("count"));
        }
        (0..count).map(|_| read(self)).collect()
    }

    pub fn version(&mut self, expected: u8) -> Result<(), CanonicalError> {
        if self.u8()? == expected {
            Ok(())
        } else {
            Err(self.error("version"))
        }
    }

    pub fn end(&self) -> Result<(), CanonicalError> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(self.error("end"))
        }
    }
}
