using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Images;

/// <summary>One name for several platforms, by the docker CLI.</summary>
[CancelAfter(300_000)]
public sealed class PlatformTests
{
    private PodsharpService _service = null!;
    private DockerRegistry _registry = null!;
    private string _directory = "";
    private string _name = "";

    private DockerCommandLine Docker => _service.Docker;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("promised by Podsharp only");
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        _service = await PodsharpService.StartWithImageAsync();
        _registry = await DockerRegistry.StartAsync(_service);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_registry is not null) await _registry.DisposeAsync();
        if (_service is not null) await _service.DisposeAsync();
    }

    [SetUp]
    public async Task LoadAsync()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-platforms").FullName;
        _name = $"{_registry.Host}/multi-{Guid.NewGuid():N}:1";
        await PlatformImages.WriteAsync(Archive, _name);
        Assert.That(await Docker.LinesAsync("load", "-i", Archive), Is.EqualTo(new[] { $"Loaded image: {_name}" }));
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await Docker.RunAsync("rmi", "-f", _name);
        Directory.Delete(_directory, recursive: true);
    }

    private string Archive => Path.Join(_directory, "multi.tar");

    [Test]
    public async Task Run_takes_the_platform_that_is_asked_for_else_this_machines()
    {
        Assert.That(await PlatformAsync(), Is.EqualTo("amd64"));
        Assert.That(await PlatformAsync("--platform", "linux/arm64"), Is.EqualTo("arm64"));
        Assert.That((await Docker.RunAsync("run", "--rm", "--pull", "never", "--platform", "linux/riscv64", _name)).Error, Does.Contain("wanted linux/riscv64"));
        Assert.That(await Docker.LinesAsync("images", "-q", "--no-trunc", _name), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_is_saved_and_removed_comes_back_for_all_platforms()
    {
        await Docker.OutputAsync("save", "-o", Archive, _name);
        await Docker.OutputAsync("rmi", _name);
        Assert.That((await Docker.RunAsync("run", "--rm", "--pull", "never", "--platform", "linux/arm64", _name)).ExitCode, Is.EqualTo(125));

        await Docker.OutputAsync("load", "-i", Archive);

        Assert.That(await PlatformAsync(), Is.EqualTo("amd64"));
        Assert.That(await PlatformAsync("--platform", "linux/arm64"), Is.EqualTo("arm64"));
    }

    [Test]
    public async Task One_platform_is_saved_and_loaded_alone()
    {
        await Docker.OutputAsync("save", "--platform", "linux/arm64", "-o", Archive, _name);
        await Docker.OutputAsync("rmi", _name);
        Assert.That((await Docker.RunAsync("load", "--platform", "linux/amd64", "-i", Archive)).Error, Does.Contain("no image for the platform linux/amd64"));

        await Docker.OutputAsync("load", "-i", Archive);

        Assert.That(await Docker.OutputAsync("image", "inspect", "-f", "{{.Architecture}}", _name), Is.EqualTo("arm64"));
        Assert.That((await Docker.RunAsync("run", "--rm", "--pull", "never", "--platform", "linux/amd64", _name)).ExitCode, Is.EqualTo(125));
    }

    [Test]
    public async Task What_is_pushed_is_an_index_and_pulled_platform_by_platform_keeps_all()
    {
        await Docker.OutputAsync("push", _name);
        Assert.That(await PushedPlatformsAsync(), Is.EqualTo(new[] { "amd64", "arm64" }));
        await Docker.OutputAsync("rmi", _name);

        await Docker.OutputAsync("pull", "--platform", "linux/amd64", _name);
        await Docker.OutputAsync("pull", "--platform", "linux/arm64", _name);

        Assert.That(await PlatformAsync(), Is.EqualTo("arm64"), "what was pulled last has the name");
        Assert.That(await PlatformAsync("--platform", "linux/amd64"), Is.EqualTo("amd64"));
        Assert.That(await Docker.LinesAsync("images", "-aq", _name), Has.Length.EqualTo(2));
        using var manifests = JsonDocument.Parse(await _service.Http.GetStringAsync($"v1.48/images/{_name}/json?manifests=1"));
        Assert.That(manifests.RootElement.GetProperty("Manifests").GetArrayLength(), Is.EqualTo(2));
        await Docker.OutputAsync("image", "prune", "-f");
        Assert.That(await PlatformAsync("--platform", "linux/amd64"), Is.EqualTo("amd64"));
    }

    [Test]
    public async Task One_platform_is_pushed_alone_when_it_is_asked_for()
    {
        await Docker.OutputAsync("push", "--platform", "linux/arm64", _name);

        Assert.That(await PushedPlatformsAsync(), Is.EqualTo(new[] { "arm64" }));
    }

    [Test]
    public async Task Other_tools_find_each_platform_in_what_was_saved()
    {
        if (!File.Exists("/usr/bin/skopeo")) Assert.Ignore("skopeo is not installed");
        await Docker.OutputAsync("save", "-o", Archive, _name);

        foreach (var architecture in (string[])["amd64", "arm64"])
        {
            var config = await new Command("skopeo", "--override-arch", architecture, "inspect", "--config", $"oci-archive:{Archive}").OutputAsync();
            Assert.That((string)JsonNode.Parse(config)!["architecture"]!, Is.EqualTo(architecture));
        }

        await new Command("skopeo", "copy", "-q", "--all", "--insecure-policy", $"oci-archive:{Archive}", $"dir:{Path.Join(_directory, "copy")}").OutputAsync();
    }

    private async Task<IEnumerable<string>> PushedPlatformsAsync()
    {
        var reply = (await _service.Http.GetFromJsonAsync<JsonObject>($"v1.47/distribution/{_name}/json"))!;
        return reply["Platforms"]!.AsArray().Select(static one => (string)one!["architecture"]!);
    }

    private Task<string> PlatformAsync(params string[] options) =>
        Docker.OutputAsync(["run", "--rm", "--network", "none", "--pull", "never", .. options, _name, "cat", "/platform"]);
}
