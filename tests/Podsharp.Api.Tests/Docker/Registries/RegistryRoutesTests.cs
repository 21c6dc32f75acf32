using System.Text;
using System.Text.Json;
using Podsharp.Api.Tests.Images;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Docker.Registries;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RegistryRoutesTests
{
    private ImageServer _server = null!;

    private FakeRegistry Registry => _server.Registry;

    [SetUp]
    public async Task StartAsync() => _server = await ImageServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_pull_is_told_line_by_line()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base");
        var layer = FakeRegistry.DigestOf("base"u8.ToArray()).Short;

        var (status, body) = await _server.SendAsync("POST", "/images/create?fromImage=app&tag=1");

        Assert.That(status, Is.EqualTo(200));
        var lines = body.Split('\n');
        Assert.That(lines[0], Is.EqualTo("""{"status":"Pulling from library/app","id":"1"}"""));
        Assert.That(lines[1], Is.EqualTo($$$"""{"status":"Pulling fs layer","progressDetail":{},"id":"{{{layer}}}"}"""));
        Assert.That(lines, Does.Contain($$$"""{"status":"Pull complete","progressDetail":{},"id":"{{{layer}}}"}"""));
        Assert.That(lines[^2], Is.EqualTo($$"""{"status":"Digest: {{manifest.Digest}}"}"""));
        Assert.That(lines[^1], Is.EqualTo("""{"status":"Status: Downloaded newer image for app:1"}"""));
    }

    [Test]
    public async Task Downloading_shows_bytes_and_a_bar()
    {
        Registry.Add("library/app", "1", "amd64", "base");

        var (_, body) = await _server.SendAsync("POST", "/images/create?fromImage=app&tag=1");

        var line = body.Split('\n').Single(line => line.Contains("Downloading"));
        Assert.That(line, Does.Contain("\"progressDetail\":{\"current\":4,\"total\":4}"));
        Assert.That(line, Does.Contain("[==================================================>]  4B/4B"));
    }

    [Test]
    public async Task An_unknown_tag_is_a_404_in_the_clients_words()
    {
        var failure = await _server.FailAsync("POST", "/images/create?fromImage=app&tag=nope");

        Assert.That(failure, Is.EqualTo((404, "manifest for app:nope not found: manifest unknown: manifest unknown")));
    }

    [Test]
    public async Task A_denied_pull_hints_at_the_login()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.BeforeBlob = (_, _) => throw new EngineException(ErrorKind.Unauthorized, "no", "unauthorized: authentication required");

        var failure = await _server.FailAsync("POST", "/images/create?fromImage=app&tag=1");

        Assert.That(failure, Is.EqualTo(
            (404, "pull access denied for app, repository does not exist or may require 'docker login': unauthorized: authentication required")));
    }

    [TestCase("", """{"errorDetail":{"message":"the line is cut"},"error":"the line is cut"}""")]
    [TestCase("/v1.52", """{"errorDetail":{"message":"the line is cut"}}""")]
    public async Task A_failure_after_the_first_line_is_told_in_the_last(string version, string line)
    {
        Registry.Add("library/app", "1", "amd64", "base");
        var blob = FakeRegistry.DigestOf("base"u8.ToArray());
        Registry.BeforeBlob = (digest, _) =>
            digest == blob ? throw new EngineException(ErrorKind.Unavailable, "the line is cut") : Task.CompletedTask;

        var (status, body) = await _server.SendAsync("POST", version + "/images/create?fromImage=app&tag=1");

        Assert.That(status, Is.EqualTo(200));
        Assert.That(body.Split('\n')[^1], Is.EqualTo(line));
    }

    [TestCase("bm90IGpzb24")]
    [TestCase("%%%")]
    public async Task Credentials_that_cannot_be_read_are_refused_without_being_shown(string header)
    {
        var (status, body) = await _server.SendAsync("POST", "/images/create?fromImage=app&tag=1", null, ("X-Registry-Auth", header));

        Assert.That(status, Is.EqualTo(400));
        Assert.That(body, Does.Contain("X-Registry-Auth").And.Not.Contain(header));
    }

    [Test]
    public async Task A_push_is_told_line_by_line_and_ends_with_what_was_pushed()
    {
        var image = _server.Store.Put(Samples.Image("app", "reg.example/app:1") with { Id = FakeRegistry.DigestOf("config"u8.ToArray()) });
        _server.Store.Blobs[image.Id] = "config"u8.ToArray();

        var (status, body) = await _server.SendAsync("POST", "/images/reg.example/app/push?tag=1", null, ("X-Registry-Auth", Base64("{}")));

        Assert.That(status, Is.EqualTo(200));
        var lines = body.Split('\n');
        var manifest = Registry.Manifests[("app", "1")];
        Assert.That(lines[0], Is.EqualTo("""{"status":"The push refers to repository [reg.example/app]"}"""));
        Assert.That(lines, Does.Contain($$$"""{"status":"Pushed","progressDetail":{},"id":"{{{image.Layers[0].Short}}}"}"""));
        Assert.That(lines[^2], Is.EqualTo($$"""{"status":"1: digest: {{manifest.Digest}} size: {{manifest.Content.Length}}"}"""));
        Assert.That(lines[^1], Is.EqualTo(
            $$$"""{"progressDetail":{},"aux":{"Tag":"1","Digest":"{{{manifest.Digest}}}","Size":{{{manifest.Content.Length}}}}}"""));
    }

    [Test]
    public async Task A_push_of_what_is_not_there_says_so_in_its_stream()
    {
        var (status, body) = await _server.SendAsync("POST", "/images/reg.example/none/push?tag=1");

        Assert.That(status, Is.EqualTo(200));
        Assert.That(body, Does.Contain("\"error\":\"An image does not exist locally with the tag: reg.example/none\""));
    }

    [Test]
    public async Task A_login_answers_the_status()
    {
        var (status, body) = await _server.SendAsync("POST", "/auth", """{"username":"me","password":"secret","serveraddress":"https://reg.example/v1/"}""");

        Assert.That((status, body), Is.EqualTo((200, """{"Status":"Login Succeeded","IdentityToken":""}""")));
    }

    [Test]
    public async Task Search_answers_what_the_registry_has()
    {
        Registry.Add("team/app", "1", "amd64", "base");

        var found = await _server.GetAsync("/images/search?term=reg.example/app");

        Assert.That(found[0].GetProperty("name").GetString(), Is.EqualTo("team/app"));
        Assert.That(found[0].GetProperty("star_count").GetInt32(), Is.Zero);
    }

    [TestCase("/images/search?term=x&limit=101")]
    [TestCase("/images/search")]
    [TestCase("/images/search?term=x&filters={\"color\":[\"red\"]}")]
    public async Task A_search_that_makes_no_sense_is_refused(string path) => Assert.That((await _server.FailAsync("GET", path)).Status, Is.EqualTo(400));

    [Test]
    public async Task Distribution_tells_descriptor_and_platforms()
    {
        var list = Registry.AddList("library/app", "1", ("arm64", Registry.Add("library/app", "arm", "arm64", "a")), ("amd64", Registry.Add("library/app", "amd", "amd64", "b")));

        var reply = await _server.GetAsync("/distribution/app:1/json");

        Assert.That(reply.GetProperty("Descriptor").GetProperty("digest").GetString(), Is.EqualTo(list.Digest.ToString()));
        Assert.That(reply.GetProperty("Descriptor").GetProperty("mediaType").GetString(), Is.EqualTo(ManifestTypes.OciIndex));
        Assert.That(
            reply.GetProperty("Platforms").EnumerateArray().Select(one => one.GetProperty("architecture").GetString()), Is.EqualTo(new[] { "arm64", "amd64" }));
    }

    [Test]
    public async Task Distribution_of_one_image_tells_the_platform_of_its_configuration()
    {
        Registry.Add("library/app", "1", "arm64", "base");

        var reply = await _server.GetAsync("/distribution/app:1/json");

        Assert.That(JsonSerializer.Serialize(reply.GetProperty("Platforms")), Is.EqualTo("""[{"architecture":"arm64","os":"linux"}]"""));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
