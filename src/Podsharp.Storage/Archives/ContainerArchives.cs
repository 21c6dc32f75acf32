using System.IO.Pipelines;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Archives;

internal sealed class ContainerArchives(ImageStore images, StorePaths paths, Staging staging) : IContainerArchives
{
    public IOutgoingArchive OpenRoot(string rootPath) => new RootArchive(DirectoryHandle.Open(rootPath));

    public async Task<IPendingLayer> CopyAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken)
    {
        var path = staging.NewDirectory();
        try
        {
            var filter = new PlaceholderFilter(placeholders, Below(layers));
            var layer = await CopyAsync(Path.Join(paths.Container(id), "upper"), path, filter, cancellationToken);
            return new PendingLayer(images, staging, layer, path);
        }
        catch (Exception e)
        {
            staging.Remove(path);
            throw StorageErrors.Translate(e, $"the files of container {id.Short} cannot be copied into a layer");
        }
    }

    public Task<IReadOnlyList<FileChange>> ChangesAsync(
        ContainerId id, IReadOnlyList<Digest> layers, IReadOnlyCollection<string> placeholders, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var upper = DirectoryHandle.Open(Path.Join(paths.Container(id), "upper"));
                using var changes = new ChangeList(Below(layers), new PlaceholderFilter(placeholders, Below(layers)), cancellationToken);
                return changes.Collect(upper);
            }
            catch (SystemCallException e)
            {
                throw StorageErrors.Translate(e, $"the changes of container {id.Short} cannot be told");
            }
        },
        cancellationToken);

    private IReadOnlyList<string> Below(IReadOnlyList<Digest> layers) => [.. layers.Select(layer => Path.Join(paths.Layer(layer), "diff"))];

    /// <summary>The way of every layer: a tar is written, and read into its place with its record and digest.</summary>
    private async Task<Layer> CopyAsync(string upper, string layerPath, PlaceholderFilter filter, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 128 << 10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(upper, pipe.Writer, filter, stop.Token);
        try
        {
            return await Task.Factory.StartNew(
                () =>
                {
                    using var feed = new AsyncFeed(pipe.Reader.AsStream(), stop.Token);
                    using var extractor = new LayerExtractor(layerPath);
                    return extractor.Extract(staging.Room.Watch(feed), stop.Token);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        finally
        {
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    private static async Task WriteAsync(string upper, PipeWriter output, PlaceholderFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            using var directory = DirectoryHandle.Open(upper);
            await AsyncDrain.RunAsync((target, stop) => new LayerTarWriter(target, stop, filter).Write(directory), output.AsStream(leaveOpen: true), cancellationToken);
            await output.CompleteAsync();
        }
        catch (Exception e)
        {
            // Told by the side that reads.
            await output.CompleteAsync(e);
        }
    }

    private sealed class RootArchive(DirectoryHandle root) : IOutgoingArchive
    {
        public async Task WriteToAsync(Stream target, CancellationToken cancellationToken)
        {
            try
            {
                await AsyncDrain.RunAsync((tar, stop) => new LayerTarWriter(tar, stop).Write(root), target, cancellationToken);
            }
            catch (InvalidDataException e)
            {
                throw StorageErrors.Translate(e, "the container cannot be exported");
            }
        }

        public ValueTask DisposeAsync()
        {
            root.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
