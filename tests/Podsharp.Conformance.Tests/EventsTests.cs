namespace Podsharp.Conformance.Tests;

/// <summary>Every type of event, read back when it is over.</summary>
public sealed class EventsTests : SdkTest
{
    [Test]
    public async Task Of_a_container()
    {
        var since = Now();
        var container = await StartAsync("sleep 1000", parameters => parameters.Labels = new Dictionary<string, string> { ["mine"] = "yes" });
        await Client.Containers.PauseContainerAsync(container);
        await Client.Containers.UnpauseContainerAsync(container);
        await Client.Containers.RenameContainerAsync(container, new ContainerRenameParameters { NewName = "sdk-" + container[..8] }, CancellationToken.None);
        await Client.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "KILL" });
        await Client.Containers.WaitContainerAsync(container);
        await Client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters());

        var events = await SettledAsync(since, "container", container, "destroy");

        // dockerd tells of a kill when it has sent the signal: the end may have been told of by then.
        Assert.That(events.Count(one => one.Action == "kill"), Is.EqualTo(1));
        Assert.That(
            events.Select(one => one.Action).Where(action => action != "kill"), Is.EqualTo(new[] { "create", "start", "pause", "unpause", "rename", "die", "destroy" }));
        var died = events.Single(one => one.Action == "die").Actor.Attributes;
        Assert.That((died["exitCode"], died["image"], died["mine"], died["name"]), Is.EqualTo(("137", Image, "yes", "sdk-" + container[..8])));
        Assert.That(events.Select(one => one.TimeNano), Is.Ordered);
    }

    [Test]
    public async Task Of_an_exec()
    {
        var since = Now();
        var container = await StartAsync("sleep 1000");
        var exec = await Client.CreateExecAsync(container, stdin: false, tty: false, "sh", "-c", "exit 3");
        using (var stream = await Client.StartExecAsync(exec, tty: false)) await ReadAsync(stream);

        var events = await SettledAsync(since, "container", container, "exec_die");

        Assert.That(
            events.Select(one => one.Action).Where(action => action.StartsWith("exec", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "exec_create: sh -c exit 3", "exec_start: sh -c exit 3", "exec_die" }));
        Assert.That(events.Single(one => one.Action == "exec_die").Actor.Attributes["exitCode"], Is.EqualTo("3"));
    }

    [Test]
    public async Task Of_an_image()
    {
        var since = Now();
        var name = $"sdk-{Guid.NewGuid():N}:one";
        await Client.Images.TagImageAsync(Image, new ImageTagParameters { RepositoryName = name[..^4], Tag = "one" });
        await Client.Images.DeleteImageAsync(name, new ImageDeleteParameters());

        var image = (await Client.Images.InspectImageAsync(Image)).ID;
        var events = await SettledAsync(since, "image", image, "untag");

        Assert.That(events.Where(one => one.Actor.Attributes["name"] == name).Select(one => one.Action), Does.Contain("tag"));
        Assert.That(events.Select(one => one.Action), Does.Contain("untag"));
    }

    [Test]
    public async Task Of_a_volume()
    {
        var since = Now();
        var name = $"sdk-{Guid.NewGuid():N}";
        await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name });
        var container = await StartAsync("true", parameters => parameters.HostConfig.Binds = [$"{name}:/data"]);
        await Client.Containers.WaitContainerAsync(container);
        await RemoveContainersAsync();
        await Client.Volumes.RemoveAsync(name);

        var events = await SettledAsync(since, "volume", name, "destroy");

        Assert.That(events.Select(one => one.Action), Is.EqualTo(new[] { "create", "mount", "unmount", "destroy" }));
        Assert.That(events[1].Actor.Attributes["container"], Is.EqualTo(container));
        Assert.That(events[1].Actor.Attributes["destination"], Is.EqualTo("/data"));
    }

    [Test]
    public async Task Of_a_network()
    {
        var since = Now();
        var name = $"sdk-{Guid.NewGuid():N}"[..15];
        var network = (await Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = name })).ID;
        var container = await StartAsync("sleep 1000", parameters => parameters.HostConfig.NetworkMode = name);
        await Client.Networks.DisconnectNetworkAsync(network, new NetworkDisconnectParameters { Container = container, Force = true });
        await RemoveContainersAsync();
        await Client.Networks.DeleteNetworkAsync(network);

        var events = await SettledAsync(since, "network", network, "destroy");

        // A dockerd tells of the disconnection twice where the container is removed after it.
        Assert.That(events.Select(one => one.Action).Distinct(), Is.EqualTo(new[] { "create", "connect", "disconnect", "destroy" }));
        Assert.That((events[1].Actor.Attributes["name"], events[1].Actor.Attributes["type"], events[1].Actor.Attributes["container"]), Is.EqualTo((name, "bridge", container)));
    }

    [Test]
    public async Task Are_followed_while_they_happen()
    {
        var label = $"follow={Guid.NewGuid():N}";

        var events = await Reports<Message>.UntilAsync(
            async (reports, stop) =>
            {
                var following = Client.System.MonitorEventsAsync(new ContainerEventsParameters { Since = Now(), Filters = Filters(("label", label)) }, reports, stop);
                await StartAsync("exit 0", parameters => parameters.Labels = new Dictionary<string, string> { ["follow"] = label[7..] });
                await following;
            },
            seen => seen.Any(one => one.Action == "die"));

        Assert.That(events.Select(one => one.Action), Is.SupersetOf(new[] { "create", "start", "die" }));
    }

    [Test]
    public async Task Are_filtered()
    {
        var since = Now();
        var container = await StartAsync("exit 0");
        await SettledAsync(since, "container", container, "die");

        var events = await ReadAsync(since, Filters(("container", container), ("event", "start"), ("type", "container")));

        Assert.That(events.Select(one => one.Action), Is.EqualTo(new[] { "start" }));
    }

    private static string Now() => $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}";

    /// <summary>Events of a thing, once the one has come that comes last: some come after the reply to what caused them.</summary>
    private async Task<IReadOnlyList<Message>> SettledAsync(string since, string type, string id, string last) => await Eventually.SettleAsync(
        async () => (await ReadAsync(since, Filters(("type", type)))).Where(one => one.Actor.ID == id).ToList(),
        events => events.Any(one => one.Action == last));

    private async Task<IReadOnlyList<Message>> ReadAsync(string since, IDictionary<string, IDictionary<string, bool>> filters)
    {
        var reports = new Reports<Message>();
        await Client.System.MonitorEventsAsync(new ContainerEventsParameters { Since = since, Until = Now(), Filters = filters }, reports, CancellationToken.None);
        return reports.Values;
    }
}
