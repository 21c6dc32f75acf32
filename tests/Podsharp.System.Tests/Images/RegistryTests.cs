using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Images;

/// <summary>Pulls and pushes with the docker CLI and Debian's registry.</summary>
[CancelAfter(180_000)]
public sealed class RegistryTests
{
    private const string Image = BusyboxImage.Name;

    private PodsharpService _service = null!;
    private DockerRegistry _registry = null!;

    private DockerCommandLine Docker => _service.Docker;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (PeerEngine.ConfiguredSocket is not null) Assert.Ignore("the registry lives in a network of the service's own");
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

    [Test]
    public async Task What_is_pushed_removed_and_pulled_runs()
    {
        var name = await PushAsync("round");
        await Docker.OutputAsync("rmi", name);

        var output = await Docker.OutputAsync("pull", name);

        Assert.That(output, Does.Contain($"Status: Downloaded newer image for {name}"));
        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", name, "cat", "/etc/notes"), Is.Not.Empty);
    }

    [Test]
    public async Task Run_pulls_what_is_missing()
    {
        var name = await PushAsync("missing");
        await Docker.OutputAsync("rmi", name);

        var result = await Docker.RunAsync("run", "--rm", "--network", "none", name, "echo", "here");

        Assert.That(result.Output, Is.EqualTo("here\n"));
        Assert.That(result.Error, Does.Contain($"Unable to find image '{name}' locally"));
    }

    [Test]
    public async Task A_second_pull_says_that_the_image_is_up_to_date()
    {
        var name = await PushAsync("twice");
        var digest = (await Docker.OutputAsync("image", "inspect", "-f", "{{index .RepoDigests 0}}", name)).Split('@')[1];

        Assert.That(
            await Docker.LinesAsync("pull", name), Is.EqualTo(["1: Pulling from twice", $"Digest: {digest}", $"Status: Image is up to date for {name}", name]));
    }

    [Test]
    public async Task A_pulled_image_is_pushed_elsewhere_with_its_digest_unchanged()
    {
        var name = await PushAsync("origin");
        await Docker.OutputAsync("rmi", name);
        await Docker.OutputAsync("pull", name);
        var copy = $"{_registry.Host}/elsewhere:2";
        await Docker.OutputAsync("tag", name, copy);

        var output = await Docker.OutputAsync("push", copy);

        var digest = await Docker.OutputAsync("image", "inspect", "-f", "{{index .RepoDigests 0}}", name);
        Assert.That(output, Does.Contain(digest.Split('@')[1]));
        Assert.That(output, Does.Contain("Mounted from").Or.Contain("Layer already exists"));
    }

    [Test]
    public async Task An_image_is_pulled_by_its_digest()
    {
        var name = await PushAsync("bydigest");
        var digest = await Docker.OutputAsync("image", "inspect", "-f", "{{index .RepoDigests 0}}", name);
        await Docker.OutputAsync("rmi", "-f", name);

        await Docker.OutputAsync("pull", digest);

        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", digest, "echo", "ok"), Is.EqualTo("ok"));
    }

    [Test]
    public async Task All_tags_of_a_repository_are_pulled()
    {
        var first = await PushAsync("many", "1");
        var second = await PushAsync("many", "2");
        await Docker.OutputAsync("rmi", first, second);

        await Docker.OutputAsync("pull", "-a", $"{_registry.Host}/many");

        Assert.That(await Docker.LinesAsync("images", "-q", $"{_registry.Host}/many"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Two_pulls_at_once_fetch_each_layer_once()
    {
        var name = await PushAsync("shared");
        var manifest = JsonNode.Parse(await _service.OnHost(
            "curl", "-sf", "-H", "Accept: application/vnd.docker.distribution.manifest.v2+json", $"http://{_registry.Host}/v2/shared/manifests/1").OutputAsync())!;
        var layer = (string)manifest["layers"]![0]!["digest"]!;
        await Docker.OutputAsync("rmi", "-f", name);
        await RemoveEverythingAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Docker.RunAsync("pull", "-q", name)));
        await _service.LoadImageAsync();

        Assert.That(results.Select(result => result.ExitCode), Is.All.Zero);
        Assert.That(_registry.FetchesOf(layer), Is.EqualTo(1));
    }

    [Test]
    public async Task An_unknown_tag_is_refused_in_the_clients_words()
    {
        var result = await Docker.RunAsync("pull", $"{_registry.Host}/nothing:1");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith($"Error response from daemon: ").And.Contain("not found"));
    }

    [Test]
    public async Task A_platform_that_the_image_is_not_for_is_not_found()
    {
        var name = await PushAsync("platform");

        var result = await Docker.RunAsync("run", "--rm", "--pull", "never", "--platform", "linux/s390x", name, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
    }

    [Test]
    public async Task A_pull_for_another_platform_than_the_only_one_fails_and_leaves_the_image()
    {
        var name = await PushAsync("only");
        await Docker.OutputAsync("rmi", name);

        var result = await Docker.RunAsync("pull", "--platform", "linux/s390x", name);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain($"Status: Downloaded newer image for {name}"));
        Assert.That(result.Error, Does.StartWith($"image with reference {name} was found but does not match the specified platform: wanted linux/s390x, actual: linux/"));
        Assert.That(await Docker.LinesAsync("images", "-q", name), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Distribution_tells_what_the_registry_has()
    {
        var name = await PushAsync("told");

        var reply = (await _service.Http.GetFromJsonAsync<JsonObject>($"v1.47/distribution/{name}/json"))!;

        var digest = await Docker.OutputAsync("image", "inspect", "-f", "{{index .RepoDigests 0}}", name);
        Assert.That((string)reply["Descriptor"]!["digest"]!, Is.EqualTo(digest.Split('@')[1]));
        Assert.That((string)reply["Platforms"]![0]!["os"]!, Is.EqualTo("linux"));
    }

    [Test]
    public async Task Search_finds_the_repository_in_the_catalogue()
    {
        await PushAsync("findable");

        Assert.That(await Docker.OutputAsync("search", $"{_registry.Host}/findable"), Does.Contain("findable"));
    }

    [Test]
    public async Task A_push_of_what_is_not_there_fails()
    {
        var result = await Docker.RunAsync("push", $"{_registry.Host}/never:1");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("An image does not exist locally with the tag"));
    }

    [Test]
    public async Task The_pull_is_an_event()
    {
        var name = await PushAsync("event");
        var since = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await Docker.OutputAsync("pull", name);

        var events = await Docker.OutputAsync("events", "--since", $"{since - 1}", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}", "--filter", "event=pull", "--format", "{{.Action}} {{.ID}}");
        Assert.That(events, Does.Contain($"pull {name}"));
    }

    private async Task<string> PushAsync(string repository, string tag = "1")
    {
        var name = $"{_registry.Host}/{repository}:{tag}";
        await Docker.OutputAsync("tag", Image, name);
        await Docker.OutputAsync("push", name);
        return name;
    }

    private async Task RemoveEverythingAsync()
    {
        if (await Docker.LinesAsync("images", "-q") is { Length: > 0 } ids) await Docker.RunAsync(["rmi", "-f", .. ids.Distinct()]);
    }
}
