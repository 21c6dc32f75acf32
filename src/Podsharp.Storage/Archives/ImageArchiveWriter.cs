using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Archives;

/// <summary>
/// Writes an archive that is an OCI image layout (image-layout.md) and a docker-archive in one, as engines write it since 2024.
/// What tells of the content comes before the content, so that a reader of a pipe knows what it gets.
/// </summary>
internal sealed class ImageArchiveWriter(IReadOnlyList<SavedImage> images, StorePaths paths)
{
    private const int FileMode = 0b110_100_100;
    private const int DirectoryMode = 0b111_101_101;
    private const string Blobs = "blobs/sha256/";
    private readonly HashSet<Digest> _written = [];

    /// <summary><see cref="DamagedLayerException"/> when a layer in the store is not what its digest says.</summary>
    public void Write(Stream target, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        var faces = new ArchiveFaces(images);
        Add(tar, "oci-layout", """{"imageLayoutVersion": "1.0.0"}"""u8, default);
        Add(tar, "index.json", faces.Index(), default);
        Add(tar, "manifest.json", faces.Items(), default);
        if (faces.Repositories() is { } repositories) Add(tar, "repositories", repositories, default);
        tar.Add(new TarEntry { Name = "blobs/", Kind = TarKind.Directory, Mode = DirectoryMode });
        tar.Add(new TarEntry { Name = Blobs, Kind = TarKind.Directory, Mode = DirectoryMode });
        foreach (var index in faces.PlatformIndexes) AddBlob(tar, Digest.FromHash(SHA256.HashData(index)), index, default);
        foreach (var image in images)
        {
            AddBlob(tar, image.Image.Id, image.Config, TimeOf(image));
            AddBlob(tar, image.Manifest.Digest, image.Manifest.Content, TimeOf(image));
        }

        foreach (var image in images)
        {
            foreach (var layer in image.Layers.Where(layer => _written.Add(layer.DiffId))) AddLayer(tar, layer, TimeOf(image), cancellationToken);
        }

        tar.Finish();
    }

    private static FileTime TimeOf(SavedImage image) => new(Math.Max(0, image.Image.Config.Created?.ToUnixTimeSeconds() ?? 0), 0);

    private static void Add(TarWriter tar, string name, ReadOnlySpan<byte> content, FileTime time)
    {
        tar.Add(new TarEntry { Name = name, Kind = TarKind.File, Mode = FileMode, Modified = time, Size = content.Length });
        tar.Write(content);
    }

    private void AddBlob(TarWriter tar, Digest digest, byte[] content, FileTime time)
    {
        if (_written.Add(digest)) Add(tar, Blobs + digest.Hex, content, time);
    }

    private void AddLayer(TarWriter tar, Layer layer, FileTime time, CancellationToken cancellationToken)
    {
        tar.Add(new TarEntry { Name = Blobs + layer.DiffId.Hex, Kind = TarKind.File, Mode = FileMode, Modified = time, Size = layer.TarSize });
        LayerContent.Write(paths, layer, tar.Write, cancellationToken);
    }
}
