using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Storage.Streams;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>The tar of a layer in the store, built again and held against the layer's digest.</summary>
internal static class LayerContent
{
    public delegate void Receiver(ReadOnlySpan<byte> bytes);

    /// <summary>Hands out exactly <see cref="Layer.TarSize"/> bytes; <see cref="DamagedLayerException"/> when they are not what the digest says.</summary>
    public static void Write(StorePaths paths, Layer layer, Receiver receiver, CancellationToken cancellationToken)
    {
        using var hash = new BackgroundSha256();
        var target = new CheckedStream(layer, receiver, hash);
        try
        {
            TarRecord.Rebuild(paths.Layer(layer.DiffId), target, cancellationToken);
        }
        catch (Exception e) when (e is EndOfStreamException or FileNotFoundException or DirectoryNotFoundException or ZstdSharp.ZstdException
            || e is SystemCallException { ErrorNumber: ErrorNumber.NoEntry or ErrorNumber.NotDirectory })
        {
            throw Damaged(layer, e.Message);
        }

        if (target.Left > 0) throw Damaged(layer, "it is shorter than it was");
        if (hash.Finish() != layer.DiffId) throw Damaged(layer, "its content has another digest");
    }

    private static DamagedLayerException Damaged(Layer layer, string fault) => new(layer.DiffId, fault);

    private sealed class CheckedStream(Layer layer, Receiver receiver, BackgroundSha256 hash) : WriteOnlyStream
    {
        public long Left { get; private set; } = layer.TarSize;

        public override void Write(ReadOnlySpan<byte> data)
        {
            if (data.Length > Left) throw Damaged(layer, "it is longer than it was");
            Left -= data.Length;
            hash.Append(data);
            receiver(data);
        }
    }
}
