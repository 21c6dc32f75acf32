namespace Podsharp.System.Tests.System;

public sealed class EventsTests : EngineTest
{
    [Test]
    public async Task A_lifecycle_is_told_in_order()
    {
        var name = NewName();
        await Docker.OutputAsync("run", "--rm", "--name", name, "--network", "none", Image, "true");

        var told = await Eventually.SettleAsync(() => EventsAsync(name), events => events.Contains("destroy"));

        Assert.That(told.Where(what => what != "attach"), Is.EqualTo(new[] { "create", "start", "die", "destroy" }));
    }

    [Test]
    public async Task The_death_tells_the_exit_code()
    {
        var name = NewName();
        await Docker.RunAsync("run", "--name", name, "--network", "none", Image, "sh", "-c", "exit 33");

        var told = await Eventually.SettleAsync(
            () => Docker.OutputAsync("events", "--since", "10m", "--until", Now(), "--filter", $"container={name}", "--filter", "event=die", "--format", "{{.Actor.Attributes.exitCode}} {{.Actor.Attributes.name}} {{.Actor.Attributes.image}}"),
            events => events.Length > 0);

        Assert.That(told, Is.EqualTo($"33 {name} {Image}"));
    }

    [Test]
    public async Task Following_shows_events_as_they_happen()
    {
        var name = NewName();
        await using var follow = Docker.Start("events", "--filter", $"container={name}", "--format", "{{.Action}}");
        // Nothing tells that the engine listens, so act until it shows.
        await Docker.OutputAsync("create", "--name", name, Image, "true");

        await Eventually.SettleAsync(
            async () =>
            {
                await Docker.OutputAsync("rename", name, name + "-2");
                await Docker.OutputAsync("rename", name + "-2", name);
                return follow.Output;
            },
            output => output.Contains("rename"));

        Assert.That(follow.Output, Does.Contain("rename"));
    }

    [Test]
    public async Task Until_in_the_future_ends_by_itself()
    {
        var result = await Docker.RunAsync("events", "--since", Now(), "--until", Now(1));

        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Filters_by_type_and_label()
    {
        var label = $"event={Guid.NewGuid():N}";
        var name = NewName();
        await Docker.OutputAsync("create", "--name", name, "--label", label, Image, "true");

        Assert.That(await Docker.LinesAsync("events", "--since", "10m", "--until", Now(), "--filter", $"label={label}", "--format", "{{.Type}} {{.Action}}"), Is.EqualTo(new[] { "container create" }));
        Assert.That(await Docker.LinesAsync("events", "--since", "10m", "--until", Now(), "--filter", $"label={label}", "--filter", "type=network"), Is.Empty);
    }

    // The client cuts relative times to whole seconds.
    private static string Now(double later = 0) => $"{(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0) + later:F3}";

    private static Task<string[]> EventsAsync(string name) =>
        Docker.LinesAsync("events", "--since", "10m", "--until", Now(), "--filter", $"container={name}", "--format", "{{.Action}}");
}
