using System.Text;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>The corpus: archives of images that were made to do harm, each with a part of what must be said of it.</summary>
internal static class HostileArchives
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private static readonly byte[] Layer = ArchiveSamples.Layer(("f", "x"));

    private static readonly Dictionary<string, (Func<byte[]> Make, string Said)> All = new()
    {
        ["indexes that name each other thousands of times"] = (() => Web(levels: 4, width: 3000), "more than 10000 manifests"),
        ["indexes that are nested too deeply"] = (() => Web(levels: 6, width: 1), "nested too deeply"),
        ["indexes that are nested too deeply beside a manifest.json"] = (() => Web(levels: 6, width: 1, [("manifest.json", Items("c.json", "l.tar")), ("c.json", Config()), ("l.tar", Layer)]), "nested too deeply"),
        ["index of too many manifests"] = (() => Tar(("index.json", Index(Enumerable.Repeat(Descriptor(Config()), 10_001)))), "more than 10000 manifests"),
        ["manifest.json of too many images"] = (() => Tar(("manifest.json", Text("[" + string.Join(',', Enumerable.Repeat("{}", 10_001)) + "]"))), "more than 10000 images"),
        ["manifest.json that is too large"] = (() => Tar(("manifest.json", Large())), "its manifest.json has 9437184 bytes, more than the 8388608"),
        ["index.json that is too large"] = (() => Tar(("index.json", Large())), "its index.json has 9437184 bytes"),
        ["configuration that is too large"] = (() => Tar(("manifest.json", Items("c.json", "l.tar")), ("c.json", Large()), ("l.tar", Layer)), "its c.json has 9437184 bytes"),
        ["manifest that is too large"] = (() => Tar((Blob(Large()), Large()), ("index.json", Index([Descriptor(Large())]))), "has 9437184 bytes"),
        ["manifest.json of deeply nested lists"] = (() => Tar(("manifest.json", Deep())), "manifest.json in the archive cannot be read"),
        ["index.json of deeply nested lists"] = (() => Tar(("index.json", Text("{\"manifests\":[{\"x\":" + Encoding.UTF8.GetString(Deep()) + "}]}"))), "index.json in the archive cannot be read"),
        ["configuration of deeply nested lists"] = (() => Image(Text("{\"x\":" + Encoding.UTF8.GetString(Deep()) + "}")), "configuration cannot be read"),
        ["configuration that is a list"] = (() => Image(Text("[]")), "configuration cannot be read"),
        ["configuration whose layers are numbers"] = (() => Image(Text("""{"rootfs":{"diff_ids":[1]}}""")), "configuration cannot be read"),
        ["configuration whose layers are nothing"] = (() => Image(Text("""{"rootfs":{"diff_ids":[null]}}""")), "digest"),
        ["configuration with a path for a layer"] = (() => Image(Text("""{"rootfs":{"diff_ids":["sha256:../../../../etc/passwd"]}}""")), "digest"),
        ["configuration of too many layers"] = (() => Image(Text("{\"rootfs\":{\"diff_ids\":[" + Many($"\"{ArchiveSamples.DigestOf(Layer)}\"", 501) + "]}}")), "501 layers, more than 500"),
        ["configuration of a long history"] = (() => Image(Text("{\"history\":[" + Many("{}", 10_001) + "]}")), "10001 steps of history"),
        ["configuration of a history of nothing"] = (() => Image(Text("""{"history":[null]}""")), "holds null"),
        ["configuration of too many ports"] = (() => Image(Text("{\"config\":{\"ExposedPorts\":{" + string.Join(',', Enumerable.Range(0, 9000).Select(static i => $"\"{i:D9}1-65535\":{{}}").Prepend("\"1-65535\":{},\"01-65535\":{},\"001-65535\":{},\"0001-65535\":{}")) + "}}}")), "exposed ports, more than"),
        ["configuration of too many variables"] = (() => Image(Text("{\"config\":{\"Env\":[" + Many("\"A=b\"", 10_001) + "]}}")), "10001 variables"),
        ["manifest.json of too many layers"] = (() => Tar(("manifest.json", Text("[{\"Config\":\"c.json\",\"Layers\":[" + Many("\"l.tar\"", 100_000) + "]}]")), ("c.json", Config()), ("l.tar", Layer)), "not those that the image's configuration names"),
        ["manifest of too many layers"] = (() => Layout(Text($"{{\"config\":{Descriptor(Config())},\"layers\":[{Many(Descriptor(Layer), 20_000)}]}}"), (Blob(Config()), Config()), (Blob(Layer), Layer)), "not those that the image's configuration names"),
        ["manifest.json of too many names"] = (() => Tar(("manifest.json", Text("[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"],\"RepoTags\":[" + Many("\"a:1\"", 10_001) + "]}]")), ("c.json", Config()), ("l.tar", Layer)), "more than 10000 names"),
        ["manifest.json of nothing"] = (() => Tar(("manifest.json", Text("[null]"))), "it names nothing"),
        ["index.json of nothing"] = (() => Tar(("index.json", Text("""{"manifests":[null]}"""))), "it names nothing"),
        ["manifest of no layers"] = (() => Layout(Text($"{{\"config\":{Descriptor(Config())},\"layers\":[null]}}"), (Blob(Config()), Config())), "it names nothing"),
        ["manifest with a digest that is a path"] = (() => Layout(Text($"{{\"config\":{Descriptor(Config())},\"layers\":[{{\"digest\":\"sha256:../../etc/passwd\"}}]}}"), (Blob(Config()), Config())), "lacks the layer sha256:../../etc/passwd"),
        ["name that is none"] = (() => Tar(("manifest.json", Text("""[{"Config":"c.json","Layers":["l.tar"],"RepoTags":["../../x"]}]""")), ("c.json", Config()), ("l.tar", Layer)), "invalid reference"),
        ["name that is nothing"] = (() => Tar(("manifest.json", Text("""[{"Config":"c.json","Layers":["l.tar"],"RepoTags":[null]}]""")), ("c.json", Config()), ("l.tar", Layer)), "invalid reference"),
        ["layer that is no tar"] = (() => Tar(("manifest.json", Items("c.json", "l.tar")), ("c.json", Config()), ("l.tar", [0x1f, 0x8b, 8, 0, .. new byte[600]])), "l.tar cannot be read"),
        ["member whose name climbs out"] = (() => Tar(("../../../etc/cron.d/evil", Layer)), "leads outside"),
        ["links in a ring"] = (() => Written(tar =>
        {
            tar.Add(new TarEntry { Name = "manifest.json", Kind = TarKind.SymbolicLink, LinkTarget = "index.json" });
            tar.Add(new TarEntry { Name = "index.json", Kind = TarKind.SymbolicLink, LinkTarget = "manifest.json" });
        }), "holds no images"),
        ["link to a file of the machine"] = (() => Written(static tar => tar.Add(
            new TarEntry { Name = "manifest.json", Kind = TarKind.SymbolicLink, LinkTarget = "/etc/passwd" })), "holds no images"),
        ["too many members"] = (() => Written(static tar =>
        {
            for (var i = 0; i <= 100_000; i++) tar.Add(new TarEntry { Name = $"{i}", Kind = TarKind.Directory, Mode = 0b111_101_101 });
        }), "more than 100000 members"),
        ["too many long names"] = (() => Written(static tar =>
        {
            for (var i = 0; i < 40_000; i++) tar.Add(new TarEntry { Name = $"{i}/{string.Join('/', Enumerable.Repeat(new string('n', 200), 19))}", Kind = TarKind.Directory, Mode = 0b111_101_101 });
        }), "bytes together"),
        ["one name for two layers"] = (() => Tar(("l.tar", ArchiveSamples.Layer(("f", "y"))), ("l.tar", ArchiveSamples.Layer(("f", "z"))), ("c.json", Config()), ("manifest.json", Items("c.json", "l.tar"))), "not those that the image's configuration names"),
    };

    public static IEnumerable<string> Names => All.Keys;

    public static (byte[] Archive, string Said) Make(string name) => (All[name].Make(), All[name].Said);

    /// <summary>Each index names the one below many times, and is itself named many times.</summary>
    public static byte[] Web(int levels, int width, (string Name, byte[] Content)[]? more = null)
    {
        var members = new List<(string, byte[])>(more ?? []);
        var named = Descriptor(Config());
        for (var level = 0; level < levels - 1; level++)
        {
            var index = Index(Enumerable.Repeat(named, width));
            members.Add((Blob(index), index));
            named = $"{Descriptor(index)[..^1]},\"mediaType\":\"{IndexType}\"}}";
        }

        return Tar([.. members, ("index.json", Index(Enumerable.Repeat(named, width)))]);
    }

    private static byte[] Image(byte[] config) => Tar(("manifest.json", Items("c.json", "l.tar")), ("c.json", config), ("l.tar", Layer));

    private static byte[] Layout(byte[] manifest, params (string Name, byte[] Content)[] more) =>
        Tar([(Blob(manifest), manifest), ("index.json", Index([Descriptor(manifest)])), .. more]);

    private static byte[] Items(string config, string layer) => Text($$"""[{"Config":"{{config}}","RepoTags":["a:1"],"Layers":["{{layer}}"]}]""");

    private static byte[] Config() => Text($$$"""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":["{{{ArchiveSamples.DigestOf(Layer)}}}"]}}""");

    private static byte[] Index(IEnumerable<string> descriptors) => Text($"{{\"schemaVersion\":2,\"manifests\":[{string.Join(',', descriptors)}]}}");

    private static string Descriptor(byte[] blob) => $"{{\"digest\":\"{ArchiveSamples.DigestOf(blob)}\",\"size\":{blob.Length}}}";

    private static string Blob(byte[] content) => "blobs/sha256/" + ArchiveSamples.DigestOf(content).Hex;

    private static string Many(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));

    private static byte[] Large() => [.. Enumerable.Repeat((byte)' ', 9 << 20)];

    private static byte[] Deep() => Text(new string('[', 100_000) + new string(']', 100_000));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Tar(params (string Name, byte[] Content)[] members) => ArchiveSamples.Layer(members);

    private static byte[] Written(Action<TarWriter> fill)
    {
        using var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        fill(writer);
        writer.Finish();
        return stream.ToArray();
    }
}
