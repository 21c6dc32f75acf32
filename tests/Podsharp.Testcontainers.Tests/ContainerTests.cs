using System.Text;
using System.Text.RegularExpressions;

namespace Podsharp.Testcontainers.Tests;

public sealed partial class ContainerTests : TestcontainersTest
{
    [Test]
    public async Task Executes_a_command_and_learns_its_output_and_exit_code()
    {
        var container = await StartAsync(Container());

        var result = await ShellAsync(container, "echo out; echo err >&2; exit 3");

        Assert.That((result.Stdout, result.Stderr, result.ExitCode), Is.EqualTo(("out\n", "err\n", 3)));
    }

    [Test]
    public async Task Has_environment_directory_host_name_and_entry_point()
    {
        var container = await StartAsync(Container("echo \"$GREETING|$PWD|$(hostname)\"; sleep 1000")
            .WithEnvironment("GREETING", "hello there")
            .WithWorkingDirectory("/tmp")
            .WithHostname("box")
            .WithEntrypoint("sh", "-c")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged(Line())));

        Assert.That((await container.GetLogsAsync(timestampsEnabled: false)).Stdout, Is.EqualTo("hello there|/tmp|box\n"));
    }

    [Test]
    public async Task Reads_both_streams_of_the_log()
    {
        var container = await StartAsync(Container("sh", "-c", "echo out; echo err >&2"));
        Assert.That(await container.GetExitCodeAsync(), Is.Zero);

        Assert.That(await container.GetLogsAsync(timestampsEnabled: false), Is.EqualTo(("out\n", "err\n")));
    }

    [Test]
    public async Task Learns_the_exit_code()
    {
        var container = await StartAsync(Container("sh", "-c", "exit 7"));

        Assert.That(await container.GetExitCodeAsync(), Is.EqualTo(7));
    }

    [Test]
    public async Task Hands_the_output_to_a_consumer()
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        using var consumer = Consume.RedirectStdoutAndStderrToStream(output, errors);
        await StartAsync(Container("sh", "-c", "echo out; echo err >&2; sleep 1000")
            .WithOutputConsumer(consumer)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("err")));

        var seen = await Eventually.SettleAsync(() => (Text(output), Text(errors)), both => both.Item1.Length > 0 && both.Item2.Length > 0);

        Assert.That(seen, Is.EqualTo(("out\n", "err\n")));
    }

    [Test]
    public async Task Copies_files_before_the_start()
    {
        var container = await StartAsync(Container("sh", "-c", "stat -c '%u %g %a' /etc/early.conf; sleep 1000")
            .WithResourceMapping("early"u8.ToArray(), "/etc/early.conf", 1000, 2000, UnixFileModes.UserRead | UnixFileModes.UserWrite)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("600")));

        Assert.That((await container.GetLogsAsync(timestampsEnabled: false)).Stdout, Is.EqualTo("1000 2000 600\n"));
        Assert.That(await ReadAsync(container, "/etc/early.conf"), Is.EqualTo("early"));
    }

    [Test]
    public async Task Copies_files_and_directories_in_and_out()
    {
        var container = await StartAsync(Container());
        var directory = Directory.CreateTempSubdirectory("podsharp-tc");
        try
        {
            await File.WriteAllTextAsync(Path.Join(directory.FullName, "one"), "first");
            Directory.CreateDirectory(Path.Join(directory.FullName, "below"));
            await File.WriteAllTextAsync(Path.Join(directory.FullName, "below", "two"), "second");

            await container.CopyAsync(directory, "/srv/");
            await container.CopyAsync("bytes"u8.ToArray(), "/srv/new/three");
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        Assert.That((await ShellAsync(container, "cat /srv/one /srv/below/two /srv/new/three")).Stdout, Is.EqualTo("firstsecondbytes"));
        Assert.That(await ReadAsync(container, "/srv/below/two"), Is.EqualTo("second"));
        Assert.That(() => container.ReadFileAsync("/srv/none"), Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public async Task Copies_a_large_file_in_and_out_unharmed()
    {
        var content = new byte[8 << 20];
        new Random(5).NextBytes(content);
        var container = await StartAsync(Container());

        await container.CopyAsync(content, "/large");

        Assert.That(await container.ReadFileAsync("/large"), Is.EqualTo(content));
    }

    [Test]
    public async Task Stops_starts_again_and_keeps_its_files()
    {
        var container = await StartAsync(Container());
        await ShellAsync(container, "echo kept >/kept");

        await container.StopAsync();
        Assert.That(container.State, Is.EqualTo(TestcontainersStates.Exited));
        await container.StartAsync();

        Assert.That(container.State, Is.EqualTo(TestcontainersStates.Running));
        Assert.That(await ReadAsync(container, "/kept"), Is.EqualTo("kept\n"));
    }

    [Test]
    public async Task Pauses_and_goes_on()
    {
        var container = await StartAsync(Container());

        await container.PauseAsync();
        Assert.That(container.State, Is.EqualTo(TestcontainersStates.Paused));
        await container.UnpauseAsync();

        Assert.That((await ShellAsync(container, "echo on")).Stdout, Is.EqualTo("on\n"));
    }

    [Test]
    public async Task Is_found_again_where_it_is_reused()
    {
        var reused = Container().WithReuse(true).WithLabel("reuse", Guid.NewGuid().ToString());
        var first = reused.Build();
        await first.StartAsync();
        try
        {
            // Disposing what is reused leaves it running.
            await first.DisposeAsync();
            var second = reused.Build();
            await second.StartAsync();

            Assert.That(second.Id, Is.EqualTo(first.Id));
        }
        finally
        {
            await Docker.OutputAsync("rm", "-f", first.Id);
        }
    }

    [Test]
    public async Task Is_removed_with_its_anonymous_volumes()
    {
        var container = Container().WithCreateParameterModifier(parameters => parameters.Volumes = new Dictionary<string, Docker.DotNet.Models.EmptyStruct> { ["/data"] = default }).Build();
        await container.StartAsync();
        var volume = await Docker.InspectAsync(container.Id, "{{(index .Mounts 0).Name}}");

        await container.DisposeAsync();

        Assert.That(await Docker.LinesAsync("volume", "ls", "-q"), Has.No.Member(volume));
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    [GeneratedRegex("box")]
    private static partial Regex Line();
}
