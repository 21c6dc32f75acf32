using System.Net;

namespace Podsharp.System.Tests.Images;

public sealed class SaveTests : EngineTest
{
    private string _directory = "";
    private string _name = "";

    [SetUp]
    public void Prepare()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-save").FullName;
        _name = $"podsharp-test-{Guid.NewGuid():N}"[..22];
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await RemoveContainersAsync();
        await Docker.RunAsync("rmi", "-f", $"{_name}:one", $"{_name}:two");
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task What_was_saved_and_removed_comes_back_and_runs()
    {
        await (Docker.Command("import", "-c", "CMD [\"echo\", \"back\"]", "-", $"{_name}:one") with { Input = BusyboxImage.WriteLayerAsync }).OutputAsync();
        await Docker.OutputAsync("tag", $"{_name}:one", $"{_name}:two");
        var id = await IdAsync($"{_name}:one");

        await Docker.OutputAsync("save", "-o", Archive, _name);
        await Docker.OutputAsync("rmi", $"{_name}:one", $"{_name}:two");
        var output = await Docker.LinesAsync("load", "-i", Archive);

        Assert.That(output, Is.EquivalentTo(new[] { $"Loaded image: {_name}:one", $"Loaded image: {_name}:two" }));
        Assert.That(await IdAsync($"{_name}:two"), Is.EqualTo(id));
        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", $"{_name}:one"), Is.EqualTo("back"));
    }

    [Test]
    public async Task Other_tools_read_the_archive_in_both_of_its_forms()
    {
        if (!File.Exists("/usr/bin/skopeo")) Assert.Ignore("skopeo is not installed");
        await Docker.OutputAsync("save", "-o", Archive, Image);

        var older = await new Command("skopeo", "inspect", "--config", $"docker-archive:{Archive}").OutputAsync();
        var layout = await new Command("skopeo", "inspect", "--config", $"oci-archive:{Archive}").OutputAsync();

        Assert.That(older, Does.Contain("podsharp tests"));
        Assert.That(layout, Is.EqualTo(older));
        // Copying holds each blob against its digest.
        await new Command("skopeo", "copy", "-q", "--insecure-policy", $"oci-archive:{Archive}", $"dir:{Path.Join(_directory, "copy")}").OutputAsync();
    }

    [Test]
    public async Task A_missing_image_is_an_error_and_no_archive()
    {
        using var reply = await Engine.Http.GetAsync($"v1.43/images/get?names={Image}&names={_name}:none");
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        var result = await Docker.RunAsync("save", "-o", Archive, Image, $"{_name}:none");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("No such image").Or.Contain("reference does not exist"));
        Assert.That(File.Exists(Archive), Is.False);
    }

    private string Archive => Path.Join(_directory, "saved.tar");

    private static Task<string> IdAsync(string name) => Docker.OutputAsync("image", "inspect", "-f", "{{.Id}}", name);
}
