using Podsharp.Core.Images;
using Podsharp.Storage.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Archives;

internal sealed class ImageArchives(ImageStore images, LayerStore layers, Staging staging, TimeProvider clock) : IImageArchives
{
    private const int LongestMagic = 16;

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(Stream archive, IReadOnlyList<Platform> platforms, Action<ImageArchiveForm> admit, CancellationToken cancellationToken)
    {
        var scanner = new ArchiveScanner(layers, staging, cancellationToken);
        try
        {
            var found = await OnThreadOfItsOwn(
                archive,
                plain =>
                {
                    scanner.Scan(plain);
                    return new ArchiveReader(scanner.Members, platforms).Read(admit);
                },
                cancellationToken);
            var staged = found.SelectMany(image => image.Layers).Where(layer => layer.StagedPath is not null)
                .Select(layer => (layer.Layer!, layer.StagedPath!)).ToList();
            var added = await images.AddAsync(
                staged, [.. found.SelectMany(image => new[] { image.Config, image.Manifest })], WithParents([.. found.Select(ToImage)]), cancellationToken);
            return
            [
                .. added.Zip(found).Where(static pair => pair.Second.Tags.Count > 0 || pair.Second.PlatformTags.Count == 0)
                    .Select(static pair => new LoadedImage(pair.First, pair.Second.Tags)),
            ];
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, "the image archive cannot be loaded");
        }
        finally
        {
            foreach (var layer in scanner.Members.Layers)
            {
                if (layer.StagedPath is { } path && Directory.Exists(path)) staging.Remove(path);
            }
        }
    }

    public async Task<Image> ImportAsync(Stream tar, ImageConfig config, ImageReference? tag, CancellationToken cancellationToken)
    {
        var path = staging.NewPath();
        try
        {
            var layer = await OnThreadOfItsOwn(
                tar,
                plain =>
                {
                    Directory.CreateDirectory(path);
                    using var extractor = new LayerExtractor(path);
                    return extractor.Extract(staging.Room.Watch(plain), cancellationToken);
                },
                cancellationToken);
            var now = clock.GetUtcNow();
            var complete = config with
            {
                Created = config.Created ?? now,
                History = [.. config.History, new ImageHistory(config.Created ?? now, "", config.Author, config.Comment, false)],
            };
            var blob = ImageConfigBlob.Write(complete, [layer.DiffId]);
            var member = new LayerMember(layer.DiffId, layer, path, null);
            var image = ToImage(new ArchiveImage(
                blob, ArchiveReader.WriteManifest(blob, [member]), ArchiveReader.WrittenMediaType, [member])
            {
                Tags = tag is null ? [] : [tag.WithDefaultTag()],
            });
            var manifest = ArchiveReader.WriteManifest(blob, [member]);
            return (await images.AddAsync([(layer, path)], [blob, manifest], [image], cancellationToken))[0];
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, "the root file system cannot be imported");
        }
        finally
        {
            if (Directory.Exists(path)) staging.Remove(path);
        }
    }

    private static Image ToImage(ArchiveImage found)
    {
        var (config, diffIds) = ImageConfigBlob.Read(found.Config);
        return new Image
        {
            Id = Digest.FromHash(System.Security.Cryptography.SHA256.HashData(found.Config)),
            ManifestDigest = Digest.FromHash(System.Security.Cryptography.SHA256.HashData(found.Manifest)),
            ManifestMediaType = found.ManifestMediaType,
            Tags = found.Tags,
            PlatformTags = found.PlatformTags,
            Layers = diffIds,
            Config = config,
            Parent = found.Parent,
        };
    }

    /// <summary>A parent is believed only when it came along and its layers are the lower ones of the child.</summary>
    private static IReadOnlyList<Image> WithParents(IReadOnlyList<Image> images) => [.. images.Select(child =>
        images.Any(parent => parent.Id == child.Parent && parent.Id != child.Id
            && parent.Layers.Count <= child.Layers.Count && parent.Layers.SequenceEqual(child.Layers.Take(parent.Layers.Count)))
            ? child
            : child with { Parent = null })];

    private static Task<T> OnThreadOfItsOwn<T>(Stream source, Func<Stream, T> work, CancellationToken cancellationToken) => ReadingThread.RunAsync(
        source,
        "the archive is damaged",
        feed =>
        {
            using var plain = Compression.Open(new PeekStream(feed, LongestMagic));
            return work(plain);
        },
        cancellationToken);
}
