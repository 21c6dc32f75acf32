using System.Formats.Tar;
using System.IO.Compression;

namespace Podsharp.Benchmarks;

/// <summary>A layer as a tar (empty when only a registry needs it) and as a registry has it.</summary>
internal sealed record SampleLayer(byte[] Tar, byte[] Gzip, string DiffId)
{
    /// <returns>The same files and one more: another layer for every engine.</returns>
    public SampleLayer With(string name)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true)) Add(tar, name, [1]);
        byte[] whole = [.. Tar, .. content.ToArray()];
        // RFC 1952 §2.2: members follow one another.
        return new SampleLayer(whole, [.. Gzip, .. Pack(content.ToArray(), CompressionLevel.Optimal)], SampleImage.DigestOf(whole));
    }

    /// <param name="closed">With the two empty blocks that end a tar.</param>
    public static byte[] TarOf(IEnumerable<(string Name, byte[] Content)> files, bool closed)
    {
        using var target = new MemoryStream(64 << 20);
        using (var tar = new TarWriter(target, leaveOpen: true))
        {
            foreach (var (name, content) in files) Add(tar, name, content);
            if (!closed) return target.ToArray();
        }

        return target.ToArray();
    }

    public static byte[] Pack(byte[] tar, CompressionLevel level)
    {
        using var target = new MemoryStream(tar.Length / 2);
        using (var packed = new GZipStream(target, level, leaveOpen: true)) packed.Write(tar);
        return target.ToArray();
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)0x1A4,
            ModificationTime = DateTimeOffset.UnixEpoch.AddDays(19_000),
            DataStream = new MemoryStream(content),
        });
}
