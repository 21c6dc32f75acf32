namespace Podsharp.System.Tests.Containers;

/// <summary>Volumes that stand on a mount of their own.</summary>
public sealed class VolumeOptionTests : EngineTest
{
    private string _directory = "";
    private string _volume = "";

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-options-").FullName;
        _volume = $"volume-{Guid.NewGuid():N}"[..15];
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await RemoveContainersAsync();
        await Docker.RunAsync("volume", "rm", "-f", _volume);
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_volume_of_a_host_directory_shows_its_files_and_its_removal_leaves_them()
    {
        await File.WriteAllTextAsync(Path.Join(_directory, "in"), "from the host");
        await CreateAsync("type=none", "o=bind", $"device={_directory}");

        Assert.That(await SayAsync("cat /m/in; touch /m/out", "-v", $"{_volume}:/m"), Is.EqualTo("from the host"));
        await Docker.OutputAsync("volume", "rm", _volume);

        Assert.That(Directory.GetFiles(_directory).Select(Path.GetFileName), Is.EquivalentTo(new[] { "in", "out" }));
    }

    [Test]
    public async Task What_its_options_take_away_is_taken_away_in_the_container()
    {
        await CreateAsync("type=none", "o=bind,ro", $"device={_directory}");

        Assert.That(await SayAsync("touch /m/x 2>&1 || echo refused", "-v", $"{_volume}:/m"), Does.EndWith("refused"));
    }

    [Test]
    public async Task A_volume_in_memory_is_shared_by_its_users_and_gone_with_the_last()
    {
        await CreateAsync("type=tmpfs", "device=tmpfs", "o=size=1m");
        var first = await RunIdleAsync("-v", $"{_volume}:/m");
        var second = await RunIdleAsync("-v", $"{_volume}:/n");
        await Docker.OutputAsync("exec", first, "sh", "-c", "echo shared > /m/file");
        await Docker.OutputAsync("rm", "-f", first);

        Assert.That(await Docker.OutputAsync("exec", second, "sh", "-c", "cat /n/file; grep -c ' /n tmpfs.*size=1024k' /proc/mounts"), Is.EqualTo("shared\n1"));
        await Docker.OutputAsync("rm", "-f", second);

        Assert.That(await SayAsync("ls /m", "-v", $"{_volume}:/m"), Is.Empty);
        Assert.That(KernelTraces.MountsBelow("/").Where(mount => mount.Contains(_volume)), Is.Empty);
    }

    [Test]
    public async Task Its_options_are_shown_and_a_second_creation_answers_what_is_there()
    {
        await CreateAsync("type=tmpfs", "device=tmpfs");
        await CreateAsync("type=none", "o=bind", $"device={_directory}");

        Assert.That(
            await Docker.OutputAsync("volume", "inspect", "-f", "{{.Options.type}} {{.Options.device}} {{.Scope}} {{.Driver}}", _volume),
            Is.EqualTo("tmpfs tmpfs local local"));
    }

    [TestCase("foo=bar", "invalid option: \"foo\"")]
    [TestCase("o=bind", "missing required option: \"device\"")]
    [TestCase("size=1g", "quota size requested but no quota support")]
    public async Task What_can_never_be_mounted_is_refused(string option, string told)
    {
        var result = await Docker.RunAsync("volume", "create", "-o", option, _volume);

        Assert.That((result.ExitCode, result.Error.Contains(told)), Is.EqualTo((1, true)), result.Error);
    }

    [TestCase("type=none;o=bind;device=/nonesuch", "no such file or directory")]
    [TestCase("type=nonesuchfs;device=x", "no such device")]
    [TestCase("type=tmpfs;device=tmpfs;o=foo=bar", "data: foo=bar: invalid argument")]
    public async Task What_the_kernel_refuses_is_told_at_the_start_and_nothing_is_left(string options, string told)
    {
        await CreateAsync(options.Split(';'));

        var result = await Docker.RunAsync("run", "--rm", "--network", "none", "-v", $"{_volume}:/m", Image, "true");

        Assert.That(result.ExitCode, Is.AnyOf(125, 127), "the client makes 127 of \"no such file\"");
        Assert.That(result.Error, Does.Contain("error while mounting volume").And.Contain(told));
        Assert.That(KernelTraces.MountsBelow("/").Where(mount => mount.Contains(_volume)), Is.Empty);
    }

    [Test]
    public async Task Mounting_and_unmounting_is_told()
    {
        await CreateAsync("type=tmpfs", "device=tmpfs");
        await SayAsync("true", "-v", $"{_volume}:/m:ro");

        var told = await Eventually.SettleAsync(
            () => Docker.LinesAsync(
                "events", "--since", "10m", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}", "--filter", $"volume={_volume}", "--format",
                "{{.Action}} {{index .Actor.Attributes \"destination\"}} {{index .Actor.Attributes \"read/write\"}}"),
            lines => lines.Length == 3);

        Assert.That(told.Select(line => line.TrimEnd()), Is.EqualTo(new[] { "create", "mount /m false", "unmount" }));
    }

    private Task CreateAsync(params IReadOnlyList<string> options) =>
        Docker.OutputAsync(["volume", "create", .. options.SelectMany(option => (string[])["-o", option]), _volume]);
}
