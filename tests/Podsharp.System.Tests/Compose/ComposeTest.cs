namespace Podsharp.System.Tests.Compose;

/// <summary>A test with stacks of one compose client. What it makes is removed after it.</summary>
[TestFixture(ComposeGeneration.One)]
[TestFixture(ComposeGeneration.Two)]
public abstract class ComposeTest(ComposeGeneration generation)
{
    private readonly List<ComposeProject> _projects = [];

    protected const string Image = BusyboxImage.Name;

    /// <summary>A service that does nothing and ends at once when told.</summary>
    protected const string Idle = $"image: {Image}, command: [sh, -c, \"trap 'exit 0' TERM; while :; do sleep 1000 & wait; done\"]";

    protected ComposeGeneration Generation => generation;

    protected static EngineUnderTest Engine => ComposeEngine.Engine;

    protected static DockerCommandLine Docker => Engine.Docker;

    [OneTimeSetUp]
    public async Task SkipWithoutComposeAsync()
    {
        if (await ComposeProgram.FindAsync(generation) is null)
            Assert.Ignore($"this machine has no docker-compose of generation {(int)generation}, neither in PATH nor as a plugin of docker");
    }

    [TearDown]
    public async Task RemoveProjectsAsync()
    {
        foreach (var project in _projects) await project.DisposeAsync();
        _projects.Clear();
    }

    protected async Task<ComposeProject> NewAsync(string role, string file, EngineUnderTest? engine = null)
    {
        var project = await ComposeProject.CreateAsync(engine ?? Engine, generation, role, file);
        _projects.Add(project);
        return project;
    }

    protected async Task<ComposeProject> UpAsync(string role, string file)
    {
        var project = await NewAsync(role, file);
        await project.OutputAsync("up", "-d");
        return project;
    }

    /// <summary>Skips for a client that lacks what the test is about.</summary>
    protected void OnlyGenerationTwo(string what)
    {
        if (generation != ComposeGeneration.Two) Assert.Ignore($"docker-compose 1 has no {what}");
    }

    protected static Task<string> FetchAsync(string url) => Engine.OnHost("curl", "-sS", "-m", "5", url).OutputAsync();
}
