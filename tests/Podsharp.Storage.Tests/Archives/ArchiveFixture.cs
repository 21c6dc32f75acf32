using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>A store, and archives of images to load into it.</summary>
public abstract class ArchiveFixture : StoreFixture
{
    private protected static readonly byte[] Base = Tar(("bin/sh", "shell"), ("etc/passwd", "root"));
    private protected static readonly byte[] Top = Tar(("etc/.wh.passwd", ""), ("new", "file"));

    private protected static byte[] Simple(string tag, params byte[][] layers) => Tar(
        [("manifest.json", Manifest("c.json", [tag], [.. layers.Select((_, i) => $"{i}.tar")])), ("c.json", Config(layers)),
            .. layers.Select((layer, i) => ($"{i}.tar", layer))]);

    private protected static byte[] Config(params byte[][] layers) => Encoding.UTF8.GetBytes(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
        + string.Join(',', layers.Select(layer => $"\"{DigestOf(layer)}\"")) + "]}}");

    private protected static byte[] Manifest(string config, string[] tags, params string[] layers) => Encoding.UTF8.GetBytes(
        $$"""[{"Config":"{{config}}","RepoTags":[{{Quoted(tags)}}],"Layers":[{{Quoted(layers)}}]}]""");

    private protected static string Quoted(string[] texts) => string.Join(',', texts.Select(text => $"\"{text}\""));

    private protected static string Descriptor(byte[] blob, string? architecture = null) =>
        $"{{\"digest\":\"{DigestOf(blob)}\",\"size\":{blob.Length}"
        + (architecture is null ? "}" : $",\"platform\":{{\"os\":\"linux\",\"architecture\":\"{architecture}\"}}}}");

    private protected static string Blob(byte[] content) => "blobs/sha256/" + DigestOf(content).Hex;

    private protected static Digest DigestOf(byte[] content) => Digest.FromHash(SHA256.HashData(content));

    private protected static byte[] Tar(params (string Name, string Content)[] files) => Tar([.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Content)))]);

    private protected static byte[] Tar(params (string Name, byte[] Content)[] files) => Write(writer =>
    {
        foreach (var (name, content) in files) Put(writer, name, content);
    });

    private protected static byte[] Write(Action<TarWriter> fill)
    {
        using var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        fill(writer);
        writer.Finish();
        return stream.ToArray();
    }

    private protected static void Put(TarWriter writer, string name, byte[] content)
    {
        writer.Add(new TarEntry { Name = name, Kind = TarKind.File, Mode = 0b110_100_100, Size = content.Length });
        writer.Write(content);
    }

    private protected static byte[] Compress(byte[] content, string compression)
    {
        if (compression == "plain") return content;
        using var stream = new MemoryStream();
        using (Stream compressed = compression == "gzip" ? new GZipStream(stream, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(stream))
            compressed.Write(content);
        return stream.ToArray();
    }

    private protected Task<IReadOnlyList<LoadedImage>> LoadAsync(byte[] archive) => Stores.ImageArchives.LoadAsync(new MemoryStream(archive), CancellationToken.None);

    private protected void AssertNothingStaged() => Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);

    private protected void AssertEmpty()
    {
        AssertNothingStaged();
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Paths.Blobs), Is.Empty);
        Assert.That(Stores.Images.All, Is.Empty);
    }
}
