using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>Archives made by hand, and a look into those that were written.</summary>
internal static class ArchiveSamples
{
    public static byte[] Layer(params (string Name, string Content)[] files) =>
        Layer([.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Content)))]);

    public static byte[] Layer(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (name, content) in files)
        {
            writer.Add(new TarEntry { Name = name, Kind = TarKind.File, Mode = 0b110_100_100, Size = content.Length });
            writer.Write(content);
        }

        writer.Finish();
        return stream.ToArray();
    }

    /// <summary>A docker-archive of one image with these layers.</summary>
    public static byte[] ArchiveOf(string tag, params byte[][] layers)
    {
        var config = Encoding.UTF8.GetBytes(
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
            + string.Join(',', layers.Select(layer => $"\"{DigestOf(layer)}\"")) + "]}}");
        var names = string.Join(',', layers.Select((_, i) => $"\"{i}.tar\""));
        var manifest = Encoding.UTF8.GetBytes($$"""[{"Config":"c.json","RepoTags":["{{tag}}"],"Layers":[{{names}}]}]""");
        return Layer([("manifest.json", manifest), ("c.json", config), .. layers.Select((layer, i) => ($"{i}.tar", layer))]);
    }

    public static Digest DigestOf(byte[] content) => Digest.FromHash(SHA256.HashData(content));

    /// <summary>All files of an archive, in order.</summary>
    public static List<(string Name, byte[] Content)> Read(byte[] archive)
    {
        var files = new List<(string, byte[])>();
        var reader = new TarReader(new MemoryStream(archive));
        while (reader.Next() is { } entry)
        {
            if (entry.Kind != TarKind.File) continue;
            using var content = new MemoryStream();
            while (reader.TakeData() is { IsEmpty: false } data) content.Write(data);
            files.Add((entry.Name, content.ToArray()));
        }

        return files;
    }
}
