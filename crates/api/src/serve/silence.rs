//! A connection on which nothing moves for long is given up: somebody who has gone away without a word, who never says
//! what they want, or who does not fetch their answer.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// A stream that fails when neither a byte came nor one went for so long.
pub(super) struct Attended<S> {
    stream: S,
    limit: Duration,
    moved: Instant,
    /// When to look again; nothing is set back for every byte.
    look: Pin<Box<Sleep>>,
}

impl<S> Attended<S> {
    pub fn new(stream: S, limit: Duration) -> Attended<S> {
        let look = Box::pin(sleep(limit));
        Attended {
            stream,
            limit,
            moved: Instant::now(),
            look,
        }
    }

    /// What the stream says, unless it is silent for too long.
    fn attend<T>(&mut self, context: &mut Context<'_>, said: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if said.is_ready() {
            self.moved = Instant::now();
            return said;
        }
        while self.look.as_mut().poll(context).is_ready() {
            let end = self.moved + self.limit;
            if end <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.look.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Attended<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let said = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.attend(context, said)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Attended<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let said = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.attend(context, said)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Pending => self.attend(context, Poll::Pending),
            // having nothing left to send is no sign of life
            flushed @ Poll::Ready(_) => flushed,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let said = Pin::new(&mut self.stream).poll_shutdown(context);
        self.attend(context, said)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let said = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.attend(context, said)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        time::timeout,
    };

    const LIMIT: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn silence_ends_it_and_bytes_do_not() {
        let (mut far, near) = duplex(16);
        let mut near = Attended::new(near, LIMIT);
        for _ in 0..4 {
            tokio::time::sleep(LIMIT / 2).await;
            far.write_all(b"a").await.unwrap();
            assert_eq!(near.read_u8().await.unwrap(), b'a');
        }
        let silent = timeout(LIMIT * 5, near.read_u8()).await.unwrap();
        assert_eq!(silent.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_does_not_fetch_is_silent() {
        let (_far, near) = duplex(16);
        let mut near = Attended::new(near, LIMIT);
        let stuck = timeout(LIMIT * 5, near.write_all(&[0; 64])).await.unwrap();
        assert_eq!(stuck.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
