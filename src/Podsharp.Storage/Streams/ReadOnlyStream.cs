namespace Podsharp.Storage.Streams;

/// <summary>A stream that is read forward only; the many members that such a stream does not have live here.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Hands everything that is read to a digest too.</summary>
internal sealed class HashedStream(Stream inner, BackgroundSha256 hash) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        hash.Append(buffer[..read]);
        return read;
    }
}

/// <summary>Writes everything that is read to a file too, as long as that succeeds and is wanted: else the copy is given up and emptied.</summary>
internal sealed class CopiedStream(Stream inner, FileStream copy, Func<bool> isWanted) : ReadOnlyStream
{
    public bool IsComplete { get; private set; } = true;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        if (IsComplete) Copy(buffer[..read]);
        return read;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (isWanted())
            {
                copy.Write(bytes);
                return;
            }
        }
        catch (IOException)
        {
            // The disk has no room for it.
        }

        IsComplete = false;
        copy.SetLength(0);
    }
}

/// <summary>Reads in blocks, whatever small pieces are asked for.</summary>
internal sealed class BlockStream(Stream inner, int size = 256 << 10) : ReadOnlyStream
{
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(size);
    private int _start;
    private int _end;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end) (_start, _end) = (0, inner.Read(_block));
        var length = Math.Min(buffer.Length, _end - _start);
        _block.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }
}

/// <summary>A stream whose first bytes can be looked at before it is read.</summary>
internal sealed class PeekStream(Stream inner, int capacity) : ReadOnlyStream
{
    private readonly byte[] _peeked = new byte[capacity];
    private int _start;
    private int _end;
    private bool _looked;

    /// <summary>The first bytes, fewer than the capacity only where the stream is shorter.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (!_looked) _end = inner.ReadAtLeast(_peeked, capacity, throwOnEndOfStream: false);
        _looked = true;
        return _peeked.AsSpan(_start, _end - _start);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end) return inner.Read(buffer);
        var length = Math.Min(buffer.Length, _end - _start);
        _peeked.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }
}
