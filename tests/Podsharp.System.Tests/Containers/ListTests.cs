namespace Podsharp.System.Tests.Containers;

public sealed class ListTests : EngineTest
{
    [Test]
    public async Task Shows_running_containers_only_unless_told_otherwise()
    {
        var label = NewLabel();
        var (running, created) = (await RunIdleAsync("--label", label), await CreateAsync("--label", label));

        Assert.That(await NamesAsync("--filter", $"label={label}"), Is.EqualTo(new[] { running }));
        Assert.That(await NamesAsync("-a", "--filter", $"label={label}"), Is.EquivalentTo(new[] { running, created }));
    }

    [Test]
    public async Task Newest_come_first_and_n_limits_them()
    {
        var label = NewLabel();
        var (first, second, third) = (await CreateAsync("--label", label), await CreateAsync("--label", label), await CreateAsync("--label", label));

        Assert.That(await NamesAsync("-a", "--filter", $"label={label}"), Is.EqualTo(new[] { third, second, first }));
    }

    [Test]
    public async Task Filters_by_name_status_and_exit_code()
    {
        var label = NewLabel();
        var running = await RunIdleAsync("--label", label);
        var failed = NewName();
        await Docker.RunAsync("run", "--name", failed, "--label", label, Image, "sh", "-c", "exit 42");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await NamesAsync("-a", "--filter", $"name={running}"), Is.EqualTo(new[] { running }));
            Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", "status=exited"), Is.EqualTo(new[] { failed }));
            Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", "status=running"), Is.EqualTo(new[] { running }));
            Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", "exited=42"), Is.EqualTo(new[] { failed }));
            Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", "exited=41"), Is.Empty);
        }
    }

    [Test]
    public async Task Filters_by_ancestor_volume_and_network()
    {
        var label = NewLabel();
        var directory = Directory.CreateTempSubdirectory().FullName;
        var container = await CreateAsync("--label", label, "--network", "none", "-v", $"{directory}:/bound");

        using (Assert.EnterMultipleScope())
        {
            foreach (var filter in (string[])[$"ancestor={Image}", "volume=/bound", $"volume={directory}", "network=none"])
                Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", filter), Is.EqualTo(new[] { container }), filter);
            foreach (var filter in (string[])["ancestor=no-such-image", "volume=/elsewhere", "network=host"])
                Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", filter), Is.Empty, filter);
        }

        Directory.Delete(directory);
    }

    [Test]
    public async Task Filters_by_before_and_since()
    {
        var label = NewLabel();
        var (first, second, third) = (await CreateAsync("--label", label), await CreateAsync("--label", label), await CreateAsync("--label", label));

        Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", $"before={second}"), Is.EqualTo(new[] { first }));
        Assert.That(await NamesAsync("-a", "--filter", $"label={label}", "--filter", $"since={second}"), Is.EqualTo(new[] { third }));
    }

    [Test]
    public async Task Refuses_an_unknown_filter()
    {
        var result = await Docker.RunAsync("ps", "--filter", "colour=blue");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("colour"));
    }

    [Test]
    public async Task Shows_image_command_and_ports()
    {
        var label = NewLabel();
        var container = await RunDetachedAsync("--label", label, "-p", "127.0.0.1::80", Image, "sleep", "1000");
        var port = (await Docker.OutputAsync("port", container, "80")).Split(':')[1];

        var line = await Docker.OutputAsync("ps", "--filter", $"label={label}", "--format", "{{.Image}}|{{.Command}}|{{.Ports}}|{{.State}}", "--no-trunc");

        Assert.That(line, Is.EqualTo($"{Image}|\"sleep 1000\"|127.0.0.1:{port}->80/tcp|running").Or.EqualTo($"{Image.Split(':')[0]}|\"sleep 1000\"|127.0.0.1:{port}->80/tcp|running"));
    }

    [Test]
    public async Task A_unique_beginning_of_the_id_is_as_good_as_the_name()
    {
        var container = await CreateAsync();
        var id = await Docker.InspectAsync(container, "{{.Id}}");

        Assert.That(await Docker.InspectAsync(id[..12], "{{.Name}}"), Is.EqualTo("/" + container));
    }

    [TestCase("none")]
    [TestCase("host")]
    public async Task A_network_that_is_none_of_the_engines_own_filters_too(string network)
    {
        var container = await CreateAsync("--network", network);

        Assert.That(await NamesAsync("-a", "--filter", $"network={network}"), Does.Contain(container));
        Assert.That(await NamesAsync("-a", "--filter", "network=bridge"), Does.Not.Contain(container));
    }

    private static string NewLabel() => $"list={Guid.NewGuid():N}";

    private async Task<string> CreateAsync(params IReadOnlyList<string> options)
    {
        var name = NewName();
        await Docker.OutputAsync(["create", "--name", name, .. options, Image, "true"]);
        return name;
    }

    private static Task<string[]> NamesAsync(params IReadOnlyList<string> options) => Docker.LinesAsync(["ps", "--format", "{{.Names}}", .. options]);
}
