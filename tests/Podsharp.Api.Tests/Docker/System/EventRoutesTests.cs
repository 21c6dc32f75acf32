using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Core.Events;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Docker.System;

public sealed class EventRoutesTests
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.UnixEpoch.AddTicks(15_000_000_001);

    private FakeEventLog _log = null!;
    private ApiServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _log = new FakeEventLog();
        _log.Publish(new EngineEvent(Moment, EventSubject.Container, "die", "c1", new Dictionary<string, string> { ["image"] = "busybox", ["name"] = "a", ["exitCode"] = "7" }));
        _server = await ApiServer.StartAsync(services => services.AddSingleton<IEventLog>(_log).AddSingleton<StreamEvents>());
        _client = _server.Client();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Writes_an_event_as_docker_does()
    {
        var text = await _client.GetStringAsync("/v1.45/events?since=0&until=2000");
        Assert.That(text, Is.EqualTo(
            """{"status":"die","id":"c1","from":"busybox","Type":"container","Action":"die","Actor":{"ID":"c1","Attributes":{"image":"busybox","name":"a","exitCode":"7"}},"scope":"local","time":1500,"timeNano":1500000000100}""" + "\n"));
    }

    [Test]
    public async Task Writes_an_event_in_libpods_words()
    {
        var text = await _client.GetStringAsync("/libpod/events?stream=false&filters=" + Uri.EscapeDataString("""{"event":["died"]}"""));
        using var document = JsonDocument.Parse(text);
        Assert.That(document.RootElement.GetProperty("Action").GetString(), Is.EqualTo("died"));
        Assert.That(document.RootElement.GetProperty("Actor").GetProperty("Attributes").GetProperty("containerExitCode").GetString(), Is.EqualTo("7"));
    }

    [Test]
    public async Task Sends_new_events_as_they_come()
    {
        using var reply = await _client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await reply.Content.ReadAsStreamAsync());
        // The reader subscribes once the head is sent; it sees each event from then on.
        var line = lines.ReadLineAsync();
        for (var i = 0; i < 200 && !line.IsCompleted; i++)
        {
            _log.Publish(new EngineEvent(Moment, EventSubject.Volume, "create", "v", new Dictionary<string, string>()));
            await Task.WhenAny(line, Task.Delay(20));
        }

        Assert.That(await line, Does.Contain("\"Type\":\"volume\"").And.Not.Contain("status"));
    }

    [TestCase("filters={\"colour\":[\"red\"]}")]
    [TestCase("since=yesterday")]
    [TestCase("since=20&until=10")]
    public async Task Refuses_what_makes_no_sense(string query)
    {
        using var reply = await _client.GetAsync("/events?" + query);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Takes_nothing_for_subjects_that_there_are_not()
    {
        var filters = Uri.EscapeDataString("""{"type":["node"]}""");
        Assert.That(await _client.GetStringAsync($"/events?since=0&until=2000&filters={filters}"), Is.Empty);
    }
}
