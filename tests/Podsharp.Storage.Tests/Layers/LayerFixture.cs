using System.Security.Cryptography;
using Podsharp.Core.Images;
using Podsharp.Linux.Files;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

/// <summary>A layer's directory to extract into, and what is needed to look at the result.</summary>
public abstract class LayerFixture
{
    private protected string Layer { get; private set; } = "";

    private protected string Diff => Path.Join(Layer, "diff");

    [SetUp]
    public void MakeLayer() => Layer = Directory.CreateTempSubdirectory("podsharp-layer").FullName;

    [TearDown]
    public void RemoveLayer() => FileTree.Remove(Layer);

    private protected static byte[] Archive(params (TarEntry Entry, byte[] Data)[] entries)
    {
        using var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, data) in entries)
        {
            writer.Add(entry with { Size = entry.Extents is null ? data.Length : entry.Size });
            writer.Write(data);
        }

        writer.Finish();
        return stream.ToArray();
    }

    private protected static (TarEntry Entry, byte[] Data) File(string name, string content = "", int mode = 0b110_100_100) =>
        (new TarEntry { Name = name, Kind = TarKind.File, Mode = mode }, System.Text.Encoding.UTF8.GetBytes(content));

    private protected static (TarEntry Entry, byte[] Data) Folder(string name, int mode = 0b111_101_101) =>
        (new TarEntry { Name = name, Kind = TarKind.Directory, Mode = mode }, []);

    private protected static (TarEntry Entry, byte[] Data) Link(string name, string target, TarKind kind = TarKind.SymbolicLink) =>
        (new TarEntry { Name = name, Kind = kind, LinkTarget = target, Mode = 0b111_111_111 }, []);

    private protected Layer Extract(byte[] tar, ExtractionLimits? limits = null)
    {
        using var extractor = new LayerExtractor(Layer, limits);
        return extractor.Extract(new MemoryStream(tar), CancellationToken.None);
    }

    /// <summary>Every test that extracts may ask for this: the stream must come back bit for bit.</summary>
    private protected void AssertRebuilds(byte[] tar, Layer layer)
    {
        Assert.That(layer.DiffId, Is.EqualTo(Digest.FromHash(SHA256.HashData(tar))));
        Assert.That(layer.TarSize, Is.EqualTo(tar.Length));
        using var rebuilt = new MemoryStream();
        TarRecord.Rebuild(Layer, rebuilt, CancellationToken.None);
        Assert.That(rebuilt.ToArray().AsSpan().SequenceEqual(tar), Is.True, "the rebuilt tar differs");
    }

    private protected string ReadText(string path) => System.IO.File.ReadAllText(Path.Join(Diff, path));
}
