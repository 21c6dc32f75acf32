using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Podsharp.System.Tests.Images;

[CancelAfter(180_000)]
public sealed class LoadTests : EngineTest
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private string _directory = "";

    [SetUp]
    public void Prepare() => _directory = Directory.CreateTempSubdirectory("podsharp-load").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task An_archive_whose_indexes_name_each_other_many_times_is_refused_with_the_reason()
    {
        OnlyPodsharp();
        var blobs = new List<(string Name, byte[] Content)>();
        var named = "{\"digest\":\"sha256:" + new string('0', 64) + "\",\"size\":2}";
        for (var level = 0; level < 3; level++)
        {
            var nested = IndexOf(Enumerable.Repeat(named, 5000));
            var hex = Convert.ToHexStringLower(SHA256.HashData(nested));
            blobs.Add(($"blobs/sha256/{hex}", nested));
            named = $"{{\"mediaType\":\"{Index}\",\"digest\":\"sha256:{hex}\",\"size\":{nested.Length}}}";
        }

        var result = await Docker.RunAsync("load", "-i", Archive([.. blobs, ("index.json", IndexOf(Enumerable.Repeat(named, 5000)))]));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("its indexes name more than 10000 manifests"));
    }

    [Test]
    public async Task A_table_of_contents_that_is_too_large_is_refused_as_such()
    {
        OnlyPodsharp();

        var result = await Docker.RunAsync("load", "-i", Archive([("manifest.json", [.. Enumerable.Repeat((byte)' ', 9 << 20)])]));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("its manifest.json has 9437184 bytes, more than the 8388608"));
    }

    private static byte[] IndexOf(IEnumerable<string> descriptors) => Encoding.UTF8.GetBytes(
        $"{{\"schemaVersion\":2,\"mediaType\":\"{Index}\",\"manifests\":[{string.Join(',', descriptors)}]}}");

    private string Archive(IReadOnlyList<(string Name, byte[] Content)> members)
    {
        var path = Path.Join(_directory, "archive.tar");
        using var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var (name, content) in members)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return path;
    }
}
