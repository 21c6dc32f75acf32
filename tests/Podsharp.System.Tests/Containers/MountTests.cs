namespace Podsharp.System.Tests.Containers;

public sealed class MountTests : EngineTest
{
    private string _directory = "";
    private string _volume = "";

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-mount-").FullName;
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
    public async Task A_bind_mount_shows_the_hosts_files_both_ways()
    {
        await File.WriteAllTextAsync(Path.Join(_directory, "in"), "from the host");

        var output = await SayAsync("cat /m/in; echo -n from the container > /m/out", "-v", $"{_directory}:/m");

        Assert.That(output, Is.EqualTo("from the host"));
        Assert.That(await File.ReadAllTextAsync(Path.Join(_directory, "out")), Is.EqualTo("from the container"));
    }

    [Test]
    public async Task A_read_only_bind_mount_cannot_be_written()
    {
        var output = await SayAsync("touch /m/x 2>&1 || echo refused", "-v", $"{_directory}:/m:ro");

        Assert.That(output, Does.Contain("Read-only file system").And.EndWith("refused"));
    }

    [Test]
    public async Task A_missing_source_of_v_is_made()
    {
        var missing = Path.Join(_directory, "made");

        await SayAsync("true", "-v", $"{missing}:/m");

        Assert.That(Directory.Exists(missing), Is.True);
    }

    [Test]
    public async Task A_missing_source_of_mount_is_refused()
    {
        var result = await Docker.RunAsync("run", "--rm", "--mount", $"type=bind,src={_directory}/missing,dst=/m", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("missing"));
    }

    [Test]
    public async Task A_single_file_can_be_mounted()
    {
        var file = Path.Join(_directory, "file");
        await File.WriteAllTextAsync(file, "one file");

        Assert.That(await SayAsync("cat /etc/one", "-v", $"{file}:/etc/one"), Is.EqualTo("one file"));
    }

    [Test]
    public async Task A_new_named_volume_gets_the_images_files()
    {
        Assert.That(await SayAsync("cat /data/seed; stat -c %u /data /data/seed", "-v", $"{_volume}:/data"), Is.EqualTo("from the image\n1000\n1000"));
    }

    [Test]
    public async Task A_named_volume_outlives_its_containers()
    {
        await SayAsync("echo kept > /data/file; rm /data/seed", "-v", $"{_volume}:/data");

        Assert.That(await SayAsync("cat /data/file; ls /data", "-v", $"{_volume}:/data"), Is.EqualTo("kept\nfile"));
    }

    [Test]
    public async Task Nocopy_leaves_a_new_volume_empty()
    {
        Assert.That(await SayAsync("ls /data", "-v", $"{_volume}:/data:nocopy"), Is.Empty);
    }

    [Test]
    public async Task A_volume_in_use_cannot_be_removed()
    {
        await RunIdleAsync("-v", $"{_volume}:/data");

        var result = await Docker.RunAsync("volume", "rm", _volume);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("in use"));
    }

    [Test]
    public async Task Volumes_of_another_container_can_be_shared()
    {
        var owner = NewName();
        await Docker.OutputAsync("create", "--name", owner, "-v", $"{_volume}:/shared", Image, "true");

        await SayAsync("echo shared > /shared/file", "--volumes-from", owner);

        Assert.That(await SayAsync("cat /v/file", "-v", $"{_volume}:/v"), Is.EqualTo("shared"));
    }

    [Test]
    public async Task A_tmpfs_has_the_asked_for_size_and_mode()
    {
        var mount = await SayAsync("grep ' /t ' /proc/mounts", "--tmpfs", "/t:size=4m,mode=700,exec");

        Assert.That(mount, Does.StartWith("tmpfs /t tmpfs").And.Contain("size=4096k").And.Contain("mode=700").And.Not.Contain("noexec"));
    }

    [Test]
    public async Task A_read_only_root_still_has_writable_mounts()
    {
        var output = await SayAsync("touch /x 2>/dev/null || echo root refused; touch /t/x && echo tmpfs written; touch /dev/shm/x && echo shm written", "--read-only", "--tmpfs", "/t");

        Assert.That(output, Is.EqualTo("root refused\ntmpfs written\nshm written"));
    }

    [Test]
    public async Task A_relative_target_is_refused()
    {
        var result = await Docker.RunAsync("run", "--rm", "--mount", $"type=bind,src={_directory},dst=relative", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
    }

    [Test]
    public async Task Mounts_show_up_in_inspect()
    {
        var container = await RunIdleAsync("-v", $"{_directory}:/bound:ro", "-v", $"{_volume}:/named");

        var mounts = await Docker.InspectAsync(container, "{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.RW}}\n{{end}}");

        Assert.That(mounts.TrimEnd().Split('\n'), Is.EquivalentTo(new[] { "bind  /bound false", $"volume {_volume} /named true" }));
    }
}
