using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using Podsharp.Core.Images;
using Podsharp.Engine.Images.Hello;

namespace Podsharp.Engine.Tests.Images.Hello;

[TestFixture]
public sealed class HelloImageTests
{
    [TestCase("amd64")]
    [TestCase("arm64")]
    public void Is_the_same_bytes_each_time(string architecture)
    {
        Assert.That(Bytes(HelloImage.OpenArchive(architecture)), Is.EqualTo(Bytes(HelloImage.OpenArchive(architecture))));
    }

    [TestCase("amd64")]
    [TestCase("arm64")]
    public void Holds_a_layer_whose_digest_the_configuration_names(string architecture)
    {
        var files = Files(HelloImage.OpenArchive(architecture));
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        var entry = manifest.RootElement[0];
        var layer = files[entry.GetProperty("Layers")[0].GetString()!];
        using var config = JsonDocument.Parse(files[entry.GetProperty("Config").GetString()!]);

        Assert.That(
            config.RootElement.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString(),
            Is.EqualTo(Digest.FromHash(SHA256.HashData(layer)).ToString()));
        Assert.That(config.RootElement.GetProperty("architecture").GetString(), Is.EqualTo(architecture));
        Assert.That(entry.GetProperty("RepoTags")[0].GetString(), Is.EqualTo("localhost/podsharp/hello:latest"));
    }

    [Test]
    public void Runs_a_program_that_its_layer_holds_as_executable()
    {
        var files = Files(HelloImage.OpenArchive("amd64"));
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        using var config = JsonDocument.Parse(files[manifest.RootElement[0].GetProperty("Config").GetString()!]);
        var command = config.RootElement.GetProperty("config").GetProperty("Cmd")[0].GetString()!;
        using var layer = new TarReader(new MemoryStream(files[manifest.RootElement[0].GetProperty("Layers")[0].GetString()!]));

        var program = layer.GetNextEntry()!;

        Assert.That("/" + program.Name, Is.EqualTo(command));
        Assert.That(program.Mode.HasFlag(UnixFileMode.OtherExecute));
    }

    [TestCase("hello", true)]
    [TestCase("hello:latest", true)]
    [TestCase("localhost/podsharp/hello", true)]
    [TestCase("localhost/podsharp/hello:latest", true)]
    [TestCase("hello:1", false)]
    [TestCase("hello-world", false)]
    [TestCase("quay.io/podsharp/hello", false)]
    public void Is_known_by_its_name_and_by_hello_alone(string name, bool known)
    {
        Assert.That(HelloImage.IsNamed(ImageReference.Parse(name)), Is.EqualTo(known));
    }

    private static byte[] Bytes(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream) stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static Dictionary<string, byte[]> Files(Stream archive)
    {
        var files = new Dictionary<string, byte[]>();
        using var reader = new TarReader(archive);
        while (reader.GetNextEntry(copyData: true) is { } entry) files[entry.Name] = Bytes(entry.DataStream!);
        return files;
    }
}
