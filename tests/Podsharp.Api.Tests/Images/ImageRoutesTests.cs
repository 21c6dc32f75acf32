using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageRoutesTests
{
    private static readonly Image App = Samples.Image("app", "app:1");
    private ImageServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ImageServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Lists_images_as_clients_of_today_expect()
    {
        _server.Store.Put(App);
        _server.Containers.Put(Samples.Container("user", App));
        var (_, body) = await _server.SendAsync("GET", "/v1.51/images/json");
        Assert.That(
            body,
            Is.EqualTo(
                $$"""[{"Containers":1,"Created":{{Samples.Time.ToUnixTimeSeconds()}},"Id":"{{App.Id}}","Labels":null,"ParentId":"","RepoDigests":[],"RepoTags":["app:1"],"SharedSize":-1,"Size":1000}]"""));
    }

    [Test]
    public async Task An_old_client_gets_virtual_size_and_none_for_no_name_and_no_count()
    {
        _server.Store.Put(App with { Tags = [] });
        var entry = (await _server.GetAsync("/v1.42/images/json"))[0];
        Assert.That(entry.GetProperty("VirtualSize").GetInt64(), Is.EqualTo(1000));
        Assert.That(entry.GetProperty("RepoTags")[0].GetString(), Is.EqualTo("<none>:<none>"));
        Assert.That(entry.GetProperty("RepoDigests")[0].GetString(), Is.EqualTo("<none>@<none>"));
        Assert.That(entry.GetProperty("Containers").GetInt32(), Is.EqualTo(-1));

        entry = (await _server.GetAsync("/v1.44/images/json"))[0];
        Assert.That(entry.TryGetProperty("VirtualSize", out _), Is.False);
        Assert.That(entry.GetProperty("RepoTags").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task No_images_are_an_empty_list() =>
        Assert.That(await _server.SendAsync("GET", "/images/json"), Is.EqualTo((200, "[]")));

    [TestCase("""{"colour":["red"]}""", 400, "invalid filter 'colour'")]
    [TestCase("""{"before":["nothere"]}""", 404, "No such image: nothere:latest")]
    [TestCase("""{"dangling":["x"]}""", 400, "invalid filter 'dangling=[x]': want true or false")]
    public async Task Broken_filters_are_refused(string filters, int status, string message) =>
        Assert.That(await _server.FailAsync("GET", $"/images/json?filters={Uri.EscapeDataString(filters)}"), Is.EqualTo((status, message)));

    [Test]
    public async Task Inspects_with_the_fields_of_the_version_asked_for()
    {
        var process = new ImageProcess
        {
            Command = ["sh"],
            Environment = ["A=<b>&"],
            ExposedPorts = [new PortKey(80, "tcp")],
            Volumes = ["/data"],
            HealthCheck = new HealthCheck(["CMD", "true"], TimeSpan.FromSeconds(5), null, null, null, 3),
        };
        _server.Store.Put(App with { Config = App.Config with { Process = process } });

        var old = await _server.GetAsync("/v1.43/images/app:1/json");
        Assert.That(
            old.GetProperty("Config").GetRawText(),
            Is.EqualTo(
                """{"User":"","ExposedPorts":{"80/tcp":{}},"Env":["A=<b>&"],"Cmd":["sh"],"Healthcheck":{"Test":["CMD","true"],"Interval":5000000000,"Retries":3},"Volumes":{"/data":{}},"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":null,"Hostname":"","Domainname":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Image":""}"""));
        Assert.That(old.TryGetProperty("VirtualSize", out _));
        Assert.That(old.GetProperty("ContainerConfig").GetProperty("Cmd").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(old.GetProperty("Created").GetString(), Is.EqualTo("2026-01-02T03:04:05Z"));
        Assert.That(old.GetProperty("Metadata").GetProperty("LastTagTime").GetString(), Is.EqualTo("0001-01-01T00:00:00Z"));
        Assert.That(old.GetProperty("GraphDriver").GetProperty("Data").GetProperty("UpperDir").GetString(), Is.EqualTo($"/root/layers/{App.Layers[0].Hex}/diff"));
        Assert.That(old.GetProperty("RootFS").GetRawText(), Is.EqualTo($$"""{"Type":"layers","Layers":["{{App.Layers[0]}}"]}"""));

        var today = await _server.GetAsync("/v1.51/images/app:1/json");
        Assert.That(today.TryGetProperty("VirtualSize", out _), Is.False);
        Assert.That(today.TryGetProperty("ContainerConfig", out _), Is.True, "docker-compose 1 needs it");
        Assert.That(today.GetProperty("Config").TryGetProperty("Hostname", out _), Is.False);
        Assert.That(today.GetProperty("Config").GetProperty("Entrypoint").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("/images/foo/json", 404, "No such image: foo:latest")]
    [TestCase("/images/localhost:5000/a/b/json", 404, "No such image: localhost:5000/a/b:latest")]
    [TestCase("/images/a%2Fb:1/json", 404, "No such image: a/b:1")]
    [TestCase("/images/Foo/json", 400, "invalid reference format: repository name (library/Foo) must be lowercase")]
    [TestCase("/images/foo/history", 404, "No such image: foo:latest")]
    public async Task Names_with_slashes_reach_the_verb_whole(string path, int status, string message) =>
        Assert.That(await _server.FailAsync("GET", path), Is.EqualTo((status, message)));

    [TestCase("linux/arm64")]
    [TestCase("""{"os":"linux","architecture":"arm64","variant":"v8"}""")]
    public async Task A_platform_is_read_in_both_forms(string platform)
    {
        _server.Store.Put(App);
        var (status, message) = await _server.FailAsync("GET", $"/v1.49/images/app:1/json?platform={Uri.EscapeDataString(platform)}");
        Assert.That(status, Is.EqualTo(404));
        Assert.That(message, Does.Contain("wanted linux/arm64"));
    }

    [Test]
    public async Task Tells_the_history()
    {
        _server.Store.Layers[App.Layers[0]] = new Layer(App.Layers[0], 7, 512);
        ImageHistory[] lines = [new(Samples.Time, "ADD x", null, "hi", false), new(null, "ENV", null, null, true)];
        _server.Store.Put(App with { Config = App.Config with { History = lines } });
        Assert.That(
            (await _server.SendAsync("GET", "/images/app:1/history")).Body,
            Is.EqualTo(
                $$"""[{"Comment":"","Created":0,"CreatedBy":"ENV","Id":"{{App.Id}}","Size":0,"Tags":["app:1"]},{"Comment":"hi","Created":{{Samples.Time.ToUnixTimeSeconds()}},"CreatedBy":"ADD x","Id":"<missing>","Size":7,"Tags":null}]"""));
    }

    [Test]
    public async Task Tags_and_says_created()
    {
        _server.Store.Put(App);
        Assert.That(await _server.SendAsync("POST", "/images/app:1/tag?repo=localhost:5000/new&tag=2"), Is.EqualTo((201, "")));
        Assert.That(_server.Store.Find(App.Id)?.Tags.Select(tag => tag.Familiar), Does.Contain("localhost:5000/new:2"));
    }

    [Test]
    public async Task A_removal_lists_what_it_did()
    {
        _server.Store.Put(App);
        Assert.That(
            await _server.SendAsync("DELETE", "/images/app:1"), Is.EqualTo((200, $$"""[{"Untagged":"app:1"},{"Deleted":"{{App.Id}}"}]""")));
    }

    [Test]
    public async Task A_removal_that_must_be_forced_is_a_conflict()
    {
        _server.Store.Put(App);
        _server.Containers.Put(Samples.Container("user", App, ContainerPhase.Exited));
        Assert.That((await _server.FailAsync("DELETE", "/images/app:1")).Status, Is.EqualTo(409));
        Assert.That((await _server.SendAsync("DELETE", "/images/app:1?force=1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_prune_of_nothing_is_null() =>
        Assert.That(await _server.SendAsync("POST", "/images/prune"), Is.EqualTo((200, """{"ImagesDeleted":null,"SpaceReclaimed":0}""")));

    [Test]
    public async Task Says_which_images_were_loaded()
    {
        _server.Archives.Archive.Add(new LoadedImage(App, [ImageReference.Parse("app:1"), ImageReference.Parse("quay.io/x:2")]));
        _server.Archives.Archive.Add(new LoadedImage(Samples.Image("two"), []));
        var (status, body) = await _server.SendAsync("POST", "/images/load?quiet=1", "archive");
        Assert.That(status, Is.EqualTo(200));
        Assert.That(
            body.Split('\n'),
            Is.EqualTo([
                """{"stream":"Loaded image: app:1\n"}""",
                """{"stream":"Loaded image: quay.io/x:2\n"}""",
                $$"""{"stream":"Loaded image ID: {{Samples.Digest("two")}}\n"}""",
            ]));
    }

    [TestCase("linux/arm/v7")]
    [TestCase("""{"os":"linux","architecture":"arm","variant":"v7"}""")]
    public async Task Loads_the_platform_that_was_asked_for(string platform)
    {
        var (status, _) = await _server.SendAsync("POST", $"/v1.48/images/load?platform={Uri.EscapeDataString(platform)}", "archive");
        Assert.That(status, Is.EqualTo(200));
        Assert.That(_server.Archives.Platforms, Is.EqualTo(new[] { new Platform("linux", "arm", "v7") }));

        await _server.SendAsync("POST", "/v1.48/images/load?platform=linux/amd64&platform=linux/arm64", "archive");
        Assert.That(_server.Archives.Platforms.Select(static one => one.Architecture), Is.EqualTo(new[] { "amd64", "arm64" }));
    }

    [Test]
    public async Task Tells_of_the_manifest_when_asked()
    {
        var manifest = "{}"u8.ToArray();
        _server.Store.Put(App with { ManifestDigest = Samples.Digest("manifest"), ManifestMediaType = "application/x" });
        _server.Store.Blobs[Samples.Digest("manifest")] = manifest;
        var container = _server.Containers.Put(Samples.Container("user", App));
        var expected = $$$$"""
            {"ID":"{{{{Samples.Digest("manifest")}}}}","Descriptor":{"mediaType":"application/x","digest":"{{{{Samples.Digest("manifest")}}}}","size":2},"Available":false,"Size":{"Content":2,"Total":1002},"Kind":"image","ImageData":{"Platform":{"architecture":"amd64","os":"linux"},"Containers":["{{{{container.Id}}}}"],"Size":{"Unpacked":1000}}}
            """;

        Assert.That((await _server.GetAsync("/v1.47/images/json?manifests=1"))[0].GetProperty("Manifests")[0].GetRawText(), Is.EqualTo(expected));
        Assert.That((await _server.GetAsync("/v1.48/images/app:1/json?manifests=1")).GetProperty("Manifests")[0].GetRawText(), Is.EqualTo(expected));
        Assert.That((await _server.GetAsync("/v1.46/images/json?manifests=1"))[0].TryGetProperty("Manifests", out _), Is.False);
        Assert.That((await _server.GetAsync("/v1.48/images/app:1/json")).TryGetProperty("Manifests", out _), Is.False);
        Assert.That(
            await _server.FailAsync("GET", "/v1.49/images/app:1/json?manifests=1&platform=linux/amd64"),
            Is.EqualTo((400, "conflicting options: manifests and platform options cannot both be set")));
        Assert.That((await _server.FailAsync("GET", "/images/app:1/attestations")).Status, Is.EqualTo(501));
        Assert.That((await _server.FailAsync("GET", "/images/none/attestations")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Imports_and_answers_the_id()
    {
        var changes = Uri.EscapeDataString("CMD [\"sh\"]\nENV A=b");
        var (status, body) = await _server.SendAsync("POST", $"/images/create?fromSrc=-&repo=new&tag=1&message=hi&changes={changes}&changes=USER%20me", "tar");
        var image = _server.Store.Find(ImageReference.Parse("new:1"))!;
        Assert.That((status, body), Is.EqualTo((200, $$"""{"status":"{{image.Id}}"}""")));
        Assert.That(image.Config.Process.User, Is.EqualTo("me"));
        Assert.That(image.Config.Process.Environment, Is.EqualTo(["A=b"]));
    }

    [TestCase("/images/create?fromImage=busybox&tag=a%20b", 400)]
    [TestCase("/images/create?fromSrc=http://x/y.tar", 501)]
    [TestCase("/images/create", 400)]
    [TestCase("/images/create?fromSrc=-&changes=RUN%20x", 400)]
    [TestCase("/images/create?fromSrc=-&platform=windows", 400)]
    [TestCase("/v1.50/images/app?platforms=x", 501, "DELETE")]
    public async Task What_cannot_be_done_is_refused_by_name(string path, int status, string method = "POST")
    {
        var failure = await _server.FailAsync(method, path);
        Assert.That(failure.Status, Is.EqualTo(status));
        Assert.That(failure.Message, Is.Not.Empty);
    }
}
