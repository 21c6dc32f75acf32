namespace Podsharp.System.Tests;

/// <summary>A test on the shared engine. Containers it names with <see cref="NewName"/> are removed after it.</summary>
public abstract class EngineTest
{
    private readonly List<string> _names = [];

    protected const string Image = BusyboxImage.Name;

    protected static EngineUnderTest Engine => SharedEngine.Engine;

    protected static DockerCommandLine Docker => Engine.Docker;

    [TearDown]
    public async Task RemoveContainersAsync()
    {
        if (_names.Count == 0) return;
        // A name whose container is gone already is no failure.
        await Docker.RunAsync(["rm", "-f", "-v", .. _names]);
        _names.Clear();
    }

    /// <summary>A container name of this test's own.</summary>
    protected string NewName(string role = "c")
    {
        var name = $"{role}-{Guid.NewGuid():N}"[..(role.Length + 9)];
        _names.Add(name);
        return name;
    }

    /// <summary>Starts a container in the background.</summary>
    /// <returns>Its name.</returns>
    protected async Task<string> RunDetachedAsync(params IReadOnlyList<string> arguments)
    {
        var name = NewName();
        await Docker.OutputAsync(["run", "-d", "--name", name, .. arguments]);
        return name;
    }

    /// <summary>A container that does nothing and ends at once when told.</summary>
    protected Task<string> RunIdleAsync(params IReadOnlyList<string> options) =>
        RunDetachedAsync([.. options, Image, "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]);

    /// <returns>What a container without a network says.</returns>
    protected static Task<string> SayAsync(string script, params IReadOnlyList<string> options) =>
        Docker.OutputAsync(["run", "--rm", "--network", "none", .. options, Image, "sh", "-c", script]);

    protected static void OnlyPodsharp()
    {
        if (Engine.IsPeer) Assert.Ignore("promised by Podsharp only");
    }

    protected static Task<string> StatusAsync(string container) => Docker.InspectAsync(container, "{{.State.Status}}");
}
