using System.Collections.Concurrent;
using System.Security.Cryptography;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Streams;

/// <summary>A digest computed on a thread of its own beside the work on the same bytes.</summary>
internal sealed class BackgroundSha256 : IDisposable
{
    private const int BufferSize = 256 << 10;
    private const int Buffers = 4;
    private readonly BlockingCollection<byte[]> _free = new(Buffers + 1);
    private readonly BlockingCollection<(byte[] Buffer, int Length)> _full = new(Buffers + 1);
    private readonly Task<Digest> _hashing;
    private byte[] _current = new byte[BufferSize];
    private int _filled;

    public BackgroundSha256()
    {
        for (var i = 1; i < Buffers; i++) _free.Add(new byte[BufferSize]);
        _hashing = Task.Factory.StartNew(Hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, _current.Length - _filled);
            bytes[..length].CopyTo(_current.AsSpan(_filled));
            _filled += length;
            bytes = bytes[length..];
            if (_filled < _current.Length) continue;
            _full.Add((_current, _filled));
            _current = _free.Take();
            _filled = 0;
        }
    }

    public Digest Finish()
    {
        _full.Add((_current, _filled));
        _full.CompleteAdding();
        return _hashing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        if (!_full.IsAddingCompleted) _full.CompleteAdding();
        _hashing.GetAwaiter().GetResult();
        _full.Dispose();
        _free.Dispose();
    }

    private Digest Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (buffer, length) in _full.GetConsumingEnumerable())
        {
            hash.AppendData(buffer, 0, length);
            _free.Add(buffer);
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }
}
