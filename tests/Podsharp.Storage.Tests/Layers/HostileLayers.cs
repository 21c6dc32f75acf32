using System.IO.Compression;
using System.Text;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

/// <summary>The corpus.</summary>
internal static class HostileLayers
{
    private static readonly Dictionary<string, Func<string, byte[]>> Bad = new()
    {
        ["name that climbs out"] = canary => Tar(File("../../../../../../../../.." + canary + "/evil")),
        ["name that climbs out later"] = canary => Tar(File("a/b/../../../../../../../../.." + canary + "/evil")),
        ["hard link to a file outside"] = canary => Tar(Link("hard", canary + "/file", TarKind.HardLink), File("hard", "evil")),
        ["hard link that climbs out"] = canary => Tar(Link("hard", "../../../../../../../../.." + canary + "/file", TarKind.HardLink)),
        ["hard link through a symbolic one"] = canary => Tar(Link("out", canary), Link("hard", "out/file", TarKind.HardLink)),
        ["hard link to a directory"] = _ => Tar(Folder("d"), Link("hard", "d", TarKind.HardLink)),
        ["hard link to itself"] = _ => Tar(Link("hard", "hard", TarKind.HardLink)),
        ["whiteout of the parent"] = _ => Tar(File("a/.wh...")),
        ["whiteout of itself"] = _ => Tar(File("a/.wh..")),
        ["whiteout of nothing"] = _ => Tar(File(".wh.")),
        ["symbolic link to nothing"] = _ => Tar(Link("link", "")),
        ["path that is too deep"] = _ => Tar(File(string.Concat(Enumerable.Repeat("d/", 1000)) + "f")),
        ["path that is too long"] = _ => Tar(File(new string('p', 200) + "/" + string.Join('/', Enumerable.Repeat(new string('q', 200), 30)))),
        ["name that is too long"] = _ => Tar(File(new string('n', 300))),
        ["size beyond the archive"] = _ => Cut(Tar(File("big", new string('x', 4000)))),
        ["size of exabytes"] = _ => Sized(Tar(File("big", "x")), "77777777777"),
        ["negative size"] = _ => Negative(Tar(File("big", "x"))),
        ["sparse file of exabytes"] = _ => Tar((new TarEntry { Name = "sparse", Kind = TarKind.File, Size = long.MaxValue, Extents = [new TarExtent(0, 1)] }, "x")),
        ["no tar"] = _ => Encoding.UTF8.GetBytes(new string('x', 4096)),
        ["no tar inside of gzip"] = _ => Compress(Encoding.UTF8.GetBytes(new string('x', 4096)), "gzip"),
        ["gzip of noise"] = _ => [0x1f, 0x8b, 8, 0, .. Enumerable.Repeat((byte)0xff, 400)],
        ["zstd of noise"] = _ => [0x28, 0xb5, 0x2f, 0xfd, .. Enumerable.Repeat((byte)0xff, 400)],
        ["endless extended header"] = _ => Extended(),
    };

    private static readonly Dictionary<string, Func<string, byte[]>> Led = new()
    {
        ["file through a link"] = canary => Tar(Link("out", canary), File("out/evil", "x")),
        ["file over a link to a file"] = canary => Tar(Link("out", canary + "/file"), File("out", "evil")),
        ["file through a link of a link"] = canary => Tar(Link("one", canary), Link("two", "one"), File("two/evil", "x")),
        ["file through a relative link"] = canary => Tar(Link("a/out", "../../../../../../../../../.." + canary), File("a/out/evil", "x")),
        ["directory over a link"] = canary => Tar(Link("out", canary), Folder("out", 0b111_111_111), File("out/evil", "x")),
        ["whiteout through a link"] = canary => Tar(Link("out", canary), File("out/.wh.file")),
        ["opaque directory through a link"] = canary => Tar(Link("out", canary), File("out/.wh..wh..opq")),
        ["link through a link"] = canary => Tar(Link("out", canary), Link("out/evil", "/etc/passwd")),
        ["device through a link"] = canary => Tar(Link("out", canary), (new TarEntry { Name = "out/disk", Kind = TarKind.BlockDevice, DeviceMajor = 8 }, "")),
        ["pipe through a link"] = canary => Tar(Link("out", canary), (new TarEntry { Name = "out/pipe", Kind = TarKind.Pipe }, "")),
        ["links in a ring"] = _ => Tar(Link("a", "b"), Link("b", "a"), File("a/x", "x")),
        ["the same name in every kind"] = _ => Tar(File("n", "1"), Folder("n"), File("n/in", "2"), Link("n", "/etc"), File("n", "3"), Folder("n"), File("n", "4")),
        ["link to the program's own root"] = canary => Tar(Link("out", "/proc/self/root" + canary), File("out/evil", "x")),
    };

    public static IEnumerable<string> Refused => Bad.Keys;

    public static IEnumerable<string> KeptInside => Led.Keys;

    public static byte[] Make(string name, string canary) => (Bad.GetValueOrDefault(name) ?? Led[name])(canary);

    public static byte[] Compress(byte[] content, string compression)
    {
        using var stream = new MemoryStream();
        using (Stream packed = compression == "gzip" ? new GZipStream(stream, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(stream)) packed.Write(content);
        return stream.ToArray();
    }

    private static (TarEntry, string) File(string name, string content = "") => (new TarEntry { Name = name, Kind = TarKind.File, Mode = 0b110_100_100 }, content);

    private static (TarEntry, string) Folder(string name, int mode = 0b111_101_101) => (new TarEntry { Name = name, Kind = TarKind.Directory, Mode = mode }, "");

    private static (TarEntry, string) Link(string name, string target, TarKind kind = TarKind.SymbolicLink) => (new TarEntry { Name = name, Kind = kind, LinkTarget = target }, "");

    private static byte[] Tar(params (TarEntry Entry, string Content)[] entries)
    {
        using var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        foreach (var (entry, content) in entries)
        {
            var data = Encoding.UTF8.GetBytes(content);
            writer.Add(entry with { Size = entry.Extents is null ? data.Length : entry.Size });
            writer.Write(data);
        }

        writer.Finish();
        return stream.ToArray();
    }

    // Still of whole blocks, so that it looks like a layer.
    private static byte[] Cut(byte[] tar) => tar[..2048];

    private static byte[] Sized(byte[] tar, string octal)
    {
        Encoding.ASCII.GetBytes(octal).CopyTo(tar.AsSpan(124));
        return WithChecksum(tar);
    }

    private static byte[] Negative(byte[] tar)
    {
        // Base 256 (GNU): all bits set is -1.
        tar.AsSpan(124, 12).Fill(0xff);
        return WithChecksum(tar);
    }

    private static byte[] Extended()
    {
        var tar = Tar(File("x", "x"));
        tar[156] = (byte)'x';
        return Sized(tar, "77777777777");
    }

    private static byte[] WithChecksum(byte[] tar)
    {
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in tar.AsSpan(0, 512)) sum += one;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar.AsSpan(148));
        return tar;
    }
}
