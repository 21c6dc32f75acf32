namespace Podsharp.Testcontainers.Tests;

/// <summary>What containers have in common: networks, volumes, each other.</summary>
public sealed class SharedResourceTests : TestcontainersTest
{
    [Test]
    public async Task Reaches_another_container_by_its_alias()
    {
        var network = Network();
        await StartAsync(Container(WebServer)
            .WithNetwork(network)
            .WithNetworkAliases("web", "www")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilInternalTcpPortIsAvailable(80)));
        var client = await StartAsync(Container().WithNetwork(network));

        var pages = await ShellAsync(client, "wget -q -O - http://web/ && wget -q -O - http://www/");

        Assert.That((pages.Stdout, pages.Stderr), Is.EqualTo(("served\nserved\n", "")));
    }

    [Test]
    public async Task Joins_a_network_while_it_runs()
    {
        var network = Network();
        await network.CreateAsync();
        await StartAsync(Container(WebServer)
            .WithNetwork(network)
            .WithNetworkAliases("web")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilInternalTcpPortIsAvailable(80)));
        var client = await StartAsync(Container());

        await client.ConnectAsync(network);

        Assert.That((await ShellAsync(client, "wget -q -O - http://web/")).Stdout, Is.EqualTo("served\n"));
    }

    [Test]
    public async Task Shares_a_volume()
    {
        var volume = Volume();
        var writer = await StartAsync(Container().WithVolumeMount(volume, "/shared"));
        await ShellAsync(writer, "echo through the volume >/shared/note");
        var reader = await StartAsync(Container().WithVolumeMount(volume, "/data", AccessMode.ReadOnly));

        Assert.That(await ReadAsync(reader, "/data/note"), Is.EqualTo("through the volume\n"));
        Assert.That((await ShellAsync(reader, "touch /data/new")).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Mounts_a_directory_of_the_host_and_memory()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-tc");
        try
        {
            await File.WriteAllTextAsync(Path.Join(directory.FullName, "note"), "of the host\n");
            var container = await StartAsync(Container().WithBindMount(directory.FullName, "/host", AccessMode.ReadOnly).WithTmpfsMount("/memory"));

            var result = await ShellAsync(container, "cat /host/note; stat -f -c %T /memory");

            Assert.That(result.Stdout, Is.EqualTo("of the host\ntmpfs\n"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Starts_what_it_depends_on_first()
    {
        var network = Network();
        var server = Disposed(Container(WebServer)
            .WithNetwork(network)
            .WithNetworkAliases("web")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilInternalTcpPortIsAvailable(80))
            .Build());

        var client = await StartAsync(Container().DependsOn(server).WithNetwork(network));

        Assert.That(server.State, Is.EqualTo(TestcontainersStates.Running));
        Assert.That((await ShellAsync(client, "wget -q -O - http://web/")).Stdout, Is.EqualTo("served\n"));
    }

    [Test]
    public async Task Leaves_nothing_when_all_is_disposed()
    {
        var network = Network();
        var volume = Volume();
        var container = await StartAsync(Container().WithNetwork(network).WithVolumeMount(volume, "/shared"));
        Assert.That(await RemainsAsync(), Has.Length.EqualTo(3));

        await container.DisposeAsync();
        await volume.DisposeAsync();
        await network.DisposeAsync();

        Assert.That(await RemainsAsync(), Is.Empty);
    }
}
