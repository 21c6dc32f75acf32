using System.Formats.Tar;
using System.Net;

namespace Podsharp.System.Tests.Containers;

public sealed class CopyTests : EngineTest
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-copy-").FullName;
        Directory.CreateDirectory(Path.Join(_directory, "tree/sub"));
        File.WriteAllText(Path.Join(_directory, "tree/sub/file"), "from the host");
    }

    [TearDown]
    public void Remove() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task A_tree_goes_into_a_container_that_never_ran_and_is_there_when_it_runs()
    {
        var name = await CreateAsync("cat", "/tmp/tree/sub/file");

        await Docker.OutputAsync("cp", Path.Join(_directory, "tree"), $"{name}:/tmp");

        Assert.That(await Docker.OutputAsync("start", "-a", name), Is.EqualTo("from the host"));
    }

    [TestCase("running")]
    [TestCase("paused")]
    [TestCase("exited")]
    public async Task Files_go_both_ways_whatever_the_container_does(string status)
    {
        var name = await RunIdleAsync("--network", "none");
        if (status == "paused") await Docker.OutputAsync("pause", name);
        if (status == "exited") await Docker.OutputAsync("kill", name);
        await Eventually.SettleAsync(() => StatusAsync(name), now => now == status);

        await Docker.OutputAsync("cp", Path.Join(_directory, "tree/."), $"{name}:/tmp");
        await Docker.OutputAsync("cp", $"{name}:/tmp/sub/file", Path.Join(_directory, "back"));

        Assert.That(await File.ReadAllTextAsync(Path.Join(_directory, "back")), Is.EqualTo("from the host"));
        if (status == "paused") await Docker.OutputAsync("unpause", name);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Volumes_and_bind_mounts_are_part_of_what_is_copied(bool running)
    {
        var bound = Path.Join(_directory, "bound");
        Directory.CreateDirectory(bound);
        string[] mounts = ["-v", $"{bound}:/bound", "-v", "/data"];
        var name = running ? await RunIdleAsync(mounts) : await CreateAsync(mounts, "true");

        await Docker.OutputAsync("cp", Path.Join(_directory, "tree"), $"{name}:/bound");
        await Docker.OutputAsync("cp", $"{name}:/data", Path.Join(_directory, "data"));

        Assert.That(await File.ReadAllTextAsync(Path.Join(bound, "tree/sub/file")), Is.EqualTo("from the host"));
        Assert.That(await File.ReadAllTextAsync(Path.Join(_directory, "data/seed")), Is.EqualTo("from the image\n"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_file_that_is_mounted_is_not_replaced(bool running)
    {
        var bound = Path.Join(_directory, "bound");
        await File.WriteAllTextAsync(bound, "the user's own");
        string[] mounts = ["-v", $"{bound}:/settings"];
        var name = running ? await RunIdleAsync([.. mounts, "--network", "none"]) : await CreateAsync(mounts, "true");

        var result = await Docker.RunAsync("cp", Path.Join(_directory, "tree/sub/file"), $"{name}:/settings");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("\"/settings\" is mounted in the container").And.Contain("device or resource busy"));
        if (running) Assert.That(await Docker.OutputAsync("exec", name, "cat", "/settings"), Is.EqualTo("the user's own"));
    }

    [Test]
    public async Task The_engine_s_files_are_there_for_a_copy_once_the_container_has_run()
    {
        var name = await CreateAsync("true");
        var (file, back) = (Path.Join(_directory, "tree/sub/file"), Path.Join(_directory, "back"));
        await Docker.OutputAsync("cp", file, $"{name}:/etc/hosts");
        await Docker.OutputAsync("start", "--attach", name);

        var result = await Docker.RunAsync("cp", file, $"{name}:/etc/hosts");
        await Docker.OutputAsync("cp", $"{name}:/etc/hosts", back);

        Assert.That(result.Error, Does.Contain("\"/etc/hosts\" is mounted in the container"));
        Assert.That(await File.ReadAllTextAsync(back), Does.Contain("localhost"));
    }

    [Test]
    public async Task A_directory_that_holds_a_mounted_file_is_not_replaced()
    {
        var bound = Path.Join(_directory, "bound");
        await File.WriteAllTextAsync(bound, "the user's own");
        var name = await RunIdleAsync("-v", $"{bound}:/settings/deep/file", "--network", "none");
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "settings") { DataStream = new MemoryStream("x"u8.ToArray()) });
        }

        using var reply = await Engine.Http.PutAsync($"v1.43/containers/{name}/archive?path=/", new ByteArrayContent(tar.ToArray()));

        Assert.That((int)reply.StatusCode, Is.EqualTo(Engine.IsPeer ? 500 : 409));
        Assert.That(await Docker.OutputAsync("exec", name, "cat", "/settings/deep/file"), Is.EqualTo("the user's own"));
    }

    [Test]
    public async Task A_tar_can_be_piped_in_and_out()
    {
        var name = await CreateAsync("true");
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "piped") { DataStream = new MemoryStream("x"u8.ToArray()), Uid = 1234, Gid = 2345 });
        }

        tar.Position = 0;
        await (Docker.Command("cp", "-a", "-", $"{name}:/tmp") with { Input = stream => tar.CopyToAsync(stream) }).OutputAsync();
        using var back = new MemoryStream();
        await (Docker.Command("cp", $"{name}:/tmp/piped", "-") with { Output = stream => stream.CopyToAsync(back) }).RunAsync();

        back.Position = 0;
        await using var reader = new TarReader(back);
        var entry = await reader.GetNextEntryAsync();
        Assert.That((entry?.Name, entry?.Uid, entry?.Gid, entry?.Length), Is.EqualTo(("piped", 1234, 2345, 1L)));
    }

    [TestCase("gzip")]
    [TestCase("bzip2")]
    [TestCase("xz")]
    public async Task A_compressed_tar_goes_in(string program)
    {
        if ((await new Command("sh", "-c", $"command -v {program}").RunAsync()).ExitCode != 0) Assert.Ignore($"there is no program {program}");
        var name = await CreateAsync("cat", "/tmp/tree/sub/file");
        var archive = Path.Join(_directory, "archive");
        await new Command("sh", "-c", $"tar -C {_directory} -c tree | {program} -c >{archive}").OutputAsync();

        await (Docker.Command("cp", "-", $"{name}:/tmp") with
        {
            Input = async stream =>
            {
                await using var file = File.OpenRead(archive);
                await file.CopyToAsync(stream);
            },
        }).OutputAsync();

        Assert.That(await Docker.OutputAsync("start", "-a", name), Is.EqualTo("from the host"));
    }

    [Test]
    public async Task A_link_that_leads_out_leads_to_the_containers_own_files()
    {
        var name = await CreateAsync("true");
        File.CreateSymbolicLink(Path.Join(_directory, "link"), _directory);
        await Docker.OutputAsync("cp", Path.Join(_directory, "link"), $"{name}:/tmp/link");

        var read = await Docker.RunAsync("cp", $"{name}:/tmp/link/tree", Path.Join(_directory, "stolen"));

        Assert.That(read.ExitCode, Is.Not.Zero);
        Assert.That(read.Error, Does.Contain("Could not find the file /tmp/link/tree in container"));
    }

    [TestCase("--read-only", "--read-only", "/tmp", "container rootfs is marked read-only")]
    [TestCase("-v", "/tmp:/bound:ro", "/bound", "mounted volume is marked read-only")]
    public async Task What_is_read_only_stays_as_it_is(string option, string value, string target, string message)
    {
        var name = await CreateAsync(option == value ? [option] : [option, value], "true");

        var result = await Docker.RunAsync("cp", Path.Join(_directory, "tree"), $"{name}:{target}");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain(message));
    }

    [Test]
    public async Task The_machines_own_file_systems_are_not_part_of_a_running_containers_root()
    {
        var name = await RunIdleAsync("--network", "none", "--tmpfs", "/scratch");
        await Docker.OutputAsync("exec", name, "touch", "/scratch/mine");
        using var tar = new MemoryStream();

        await (Docker.Command("cp", $"{name}:/", "-") with { Output = stream => stream.CopyToAsync(tar) }).RunAsync();

        tar.Position = 0;
        await using var reader = new TarReader(tar);
        var names = new List<string>();
        while (await reader.GetNextEntryAsync() is { } entry) names.Add(entry.Name);
        Assert.That(names, Has.Some.EqualTo("/bin/busybox"));
        if (!Engine.IsPeer) Assert.That(names, Has.Some.EqualTo("/scratch/mine"));
        Assert.That(names, Has.None.StartsWith("/proc/1").And.None.StartsWith("/sys/kernel"));
    }

    [Test]
    public async Task Copies_are_events()
    {
        OnlyPodsharp();
        var name = await CreateAsync("true");
        await Docker.OutputAsync("cp", Path.Join(_directory, "tree"), $"{name}:/tmp");
        await Docker.OutputAsync("cp", $"{name}:/tmp/tree", Path.Join(_directory, "out"));

        var events = await Docker.LinesAsync(
            "events", "--since", "1", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}", "--filter", $"container={name}", "--format", "{{.Action}}");

        Assert.That(events, Is.EqualTo(new[] { "create", "extract-to-dir", "archive-path" }));
    }

    [Test]
    public async Task Nothing_stays_mounted_after_a_copy()
    {
        OnlyPodsharp();
        var name = await CreateAsync(["-v", "/data"], "true");
        await Docker.OutputAsync("cp", $"{name}:/data", Path.Join(_directory, "data"));
        var id = await Docker.InspectAsync(name, "{{.Id}}");

        Assert.That(await File.ReadAllTextAsync("/proc/self/mountinfo"), Does.Not.Contain(id));
    }

    [Test]
    public async Task A_path_must_be_named()
    {
        var name = await CreateAsync("true");
        using var reply = await Engine.Http.GetAsync($"v1.43/containers/{name}/archive");
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private Task<string> CreateAsync(params string[] command) => CreateAsync([], command);

    private async Task<string> CreateAsync(IReadOnlyList<string> options, params string[] command)
    {
        var name = NewName();
        await Docker.OutputAsync(["create", "--name", name, "--network", "none", .. options, Image, .. command]);
        return name;
    }
}
