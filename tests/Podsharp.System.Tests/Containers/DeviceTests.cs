namespace Podsharp.System.Tests.Containers;

/// <summary>Devices that a vendor's file describes (CDI), by the docker CLI.</summary>
public sealed class DeviceTests : EngineTest
{
    private const string Directory = "/run/cdi";
    private readonly string _vendor = $"podsharp{Environment.ProcessId}.test";
    private string _file = "";

    [SetUp]
    public void Describe()
    {
        global::System.IO.Directory.CreateDirectory(Directory);
        _file = Path.Join(Directory, _vendor + ".yaml");
        File.WriteAllText(_file, $$"""
            cdiVersion: 0.6.0
            kind: {{_vendor}}/zero
            devices:
            - name: one
              containerEdits:
                env: [ZERO=one]
                deviceNodes:
                - {path: /dev/mine, hostPath: /dev/zero, permissions: r}
                mounts:
                - {hostPath: /etc/passwd, containerPath: /given, options: [ro, bind]}
                hooks:
                - {hookName: createRuntime, path: /bin/sh, args: [sh, -c, "touch {{_file}}.created"]}
                - {hookName: poststart, path: /bin/sh, args: [sh, -c, "touch {{_file}}.poststart"]}
            """);
    }

    [TearDown]
    public void Clean()
    {
        File.Delete(_file);
        File.Delete(_file + ".created");
        File.Delete(_file + ".poststart");
        if (!global::System.IO.Directory.EnumerateFileSystemEntries(Directory).Any()) global::System.IO.Directory.Delete(Directory);
    }

    [Test]
    public async Task A_described_device_comes_with_all_that_belongs_to_it()
    {
        var said = await Docker.OutputAsync(
            "run", "--rm", "--device", _vendor + "/zero=one", Image, "sh", "-c", "echo $ZERO; head -c 3 /dev/mine | wc -c; grep -c root: /given");

        Assert.That(said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "one", "3", "1" }));
        Assert.That(_file + ".poststart", Does.Exist);
    }

    [Test]
    public async Task Hooks_need_not_read_what_they_are_told_of_the_container()
    {
        var moreThanAPipeHolds = new string('x', 100_000);

        await Docker.OutputAsync("run", "--rm", "--annotation", "note=" + moreThanAPipeHolds, "--device", _vendor + "/zero=one", Image, "true");

        Assert.That(_file + ".created", Does.Exist);
        Assert.That(_file + ".poststart", Does.Exist);
    }

    [Test]
    public async Task An_unknown_device_is_refused_by_its_name()
    {
        var result = await Docker.RunAsync("run", "--rm", "--device", _vendor + "/zero=two", Image, "true");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain($"unresolvable CDI devices {_vendor}/zero=two"));
    }

    [Test]
    public async Task Gpus_are_refused_in_dockers_words_where_there_are_none()
    {
        var result = await Docker.RunAsync("run", "--rm", "--gpus", "2", Image, "true");

        Assert.That(result.Error, Does.Contain("could not select device driver \"\" with capabilities: [[gpu]]"));
    }
}
