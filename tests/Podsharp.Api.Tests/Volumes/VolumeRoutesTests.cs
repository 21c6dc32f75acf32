using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;
using Podsharp.Engine.Volumes;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Volumes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VolumeRoutesTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeVolumeStore _volumes = new("/v");
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync(services => services
            .AddSingleton<TimeProvider>(new FakeClock(Samples.Time))
            .AddSingleton<IContainerStore>(_containers)
            .AddSingleton<IVolumeStore>(_volumes)
            .AddSingleton<IDiskUsage>(new FakeDiskUsage())
            .AddSingleton<IEventLog>(new FakeEventLog())
            .AddSingleton<EventPublisher>()
            .AddSingleton<VolumeHolds>()
            .AddSingleton<VolumeRemoval>()
            .AddSingleton<CreateVolume>()
            .AddSingleton<InspectVolume>()
            .AddSingleton<ListVolumes>()
            .AddSingleton<PruneVolumes>()
            .AddSingleton<RemoveVolume>());
        _client = _server.Client();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_volume_that_is_asked_for_without_a_body_is_an_anonymous_one()
    {
        using var reply = await _client.PostAsync(new Uri("volumes/create", UriKind.Relative), null);

        Assert.That((int)reply.StatusCode, Is.EqualTo(201));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("com.docker.volume.anonymous"));
    }

    [Test]
    public async Task A_field_that_nobody_knows_is_refused_by_name()
    {
        using var body = new StringContent("""{"Name":"v","Size":1}""", Encoding.UTF8, "application/json");
        using var reply = await _client.PostAsync(new Uri("volumes/create", UriKind.Relative), body);

        Assert.That((int)reply.StatusCode, Is.EqualTo(400));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("unknown field Size"));
    }

    [Test]
    public async Task A_volume_is_shown_as_docker_writes_it()
    {
        const string volume = """{"CreatedAt":"2026-01-02T03:04:05Z","Driver":"local","Labels":{"a":"b"},"Mountpoint":"/v/data/data","Name":"data","Options":null,"Scope":"local"}""";

        Assert.That(await SendAsync("POST", "/volumes/create", """{"Name":"data","Labels":{"a":"b"}}"""), Is.EqualTo((201, volume)));
        Assert.That(await SendAsync("GET", "/volumes/data"), Is.EqualTo((200, volume)));
        Assert.That(await SendAsync("GET", "/volumes"), Is.EqualTo((200, $$"""{"Volumes":[{{volume}}],"Warnings":null}""")));
    }

    [Test]
    public async Task Labels_and_options_of_a_volume_are_null_where_they_were_left_out_and_empty_where_they_were_given_so()
    {
        var (_, bare) = await SendAsync("POST", "/volumes/create", """{"Name":"bare"}""");
        var (_, empty) = await SendAsync("POST", "/volumes/create", """{"Name":"empty","Labels":{},"DriverOpts":{}}""");

        Assert.That(bare, Does.Contain("\"Labels\":null").And.Contain("\"Options\":null"));
        Assert.That(empty, Does.Contain("\"Labels\":{}").And.Contain("\"Options\":{}"));
    }

    [Test]
    public async Task No_volumes_are_an_empty_list() =>
        Assert.That(await SendAsync("GET", "/volumes"), Is.EqualTo((200, """{"Volumes":[],"Warnings":null}""")));

    [Test]
    public async Task An_anonymous_volume_says_so_in_a_label()
    {
        var (_, body) = await SendAsync("POST", "/volumes/create", "{}");

        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("Labels").GetRawText(), Is.EqualTo("""{"com.docker.volume.anonymous":""}"""));
    }

    [TestCase("/v1.45/volumes/prune", 1)]
    [TestCase("/v1.41/volumes/prune", 2)]
    [TestCase("/v1.45/volumes/prune?filters=%7B%22all%22%3A%5B%22true%22%5D%7D", 2)]
    public async Task Prune_spares_named_volumes_since_version_1_42_unless_told(string path, int count)
    {
        await SendAsync("POST", "/volumes/create", """{"Name":"data"}""");
        await SendAsync("POST", "/volumes/create", "{}");

        var (_, body) = await SendAsync("POST", path);

        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("VolumesDeleted").GetArrayLength(), Is.EqualTo(count));
    }

    [TestCase("GET", "/volumes/nosuch", null, 404, "get nosuch: no such volume")]
    [TestCase("DELETE", "/volumes/nosuch", null, 404, "get nosuch: no such volume")]
    [TestCase("POST", "/volumes/create", """{"Name":"data","Driver":"foo"}""", 404, "create data: error looking up volume plugin foo: plugin \"foo\" not found")]
    [TestCase("GET", "/volumes?filters=%7B%22foo%22%3A%5B%22a%22%5D%7D", null, 400, "invalid filter 'foo'")]
    public async Task Failures_have_dockers_status_and_text(string method, string path, string? request, int status, string message)
    {
        var (actual, body) = await SendAsync(method, path, request);

        Assert.That((actual, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()), Is.EqualTo((status, message)));
    }

    [Test]
    public async Task Removing_what_is_not_there_succeeds_when_forced() =>
        Assert.That((await SendAsync("DELETE", "/volumes/nosuch?force=1")).Status, Is.EqualTo(204));

    private async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd('\n'));
    }
}
