using System.Security.Cryptography;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Streams;

/// <summary>A digest computed on a thread of its own beside the work on the same bytes.</summary>
internal sealed class BackgroundSha256 : IDisposable
{
    private const int BufferSize = 256 << 10;
    private const int Buffers = 3;
    private readonly Handover<byte[]> _free = new();
    private readonly Handover<(byte[] Buffer, int Length)> _full = new();
    private readonly Task<Digest> _hashing;
    private byte[] _current = NewBuffer();
    private int _filled;

    public BackgroundSha256()
    {
        for (var i = 1; i < Buffers; i++) _free.Give(NewBuffer());
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
            if (_filled == _current.Length) HandOver();
        }
    }

    public Digest Finish()
    {
        _full.Give((_current, _filled));
        _full.End();
        return _hashing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _full.End();
        _hashing.GetAwaiter().GetResult();
    }

    private static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(BufferSize);

    private void HandOver()
    {
        _full.Give((_current, _filled));
        // The hashing has failed when none comes back; what it failed with is told by whoever asks for the digest.
        if (!_free.TryTake(out var next)) _hashing.GetAwaiter().GetResult();
        (_current, _filled) = (next!, 0);
    }

    private Digest Hash()
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            while (_full.TryTake(out var part))
            {
                hash.AppendData(part.Buffer, 0, part.Length);
                _free.Give(part.Buffer);
            }

            return Digest.FromHash(hash.GetHashAndReset());
        }
        finally
        {
            _free.End();
        }
    }
}
