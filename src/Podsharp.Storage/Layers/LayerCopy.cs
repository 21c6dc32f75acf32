using System.IO.Pipelines;
using Podsharp.Core.Images;
using Podsharp.Storage.Streams;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Layers;

/// <summary>Extracts a layer of the store a second time, from its own tar.</summary>
internal static class LayerCopy
{
    /// <param name="target">A directory that is made; the caller removes it.</param>
    public static async Task<Layer> MakeAsync(string layerPath, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 128 << 10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(layerPath, pipe.Writer, stop.Token);
        try
        {
            return await ReadingThread.RunAsync(
                pipe.Reader.AsStream(),
                "the layer's tar is damaged",
                feed =>
                {
                    using var extractor = new LayerExtractor(target);
                    return extractor.Extract(feed, stop.Token);
                },
                stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    private static async Task WriteAsync(string layerPath, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await AsyncDrain.RunAsync((tar, stop) => TarRecord.Rebuild(layerPath, tar, stop), output.AsStream(leaveOpen: true), cancellationToken);
            await output.CompleteAsync();
        }
        catch (Exception e)
        {
            // Told by the side that reads.
            await output.CompleteAsync(e);
        }
    }
}
