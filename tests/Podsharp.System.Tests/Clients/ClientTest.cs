namespace Podsharp.System.Tests.Clients;

/// <summary>An SDK as its makers ship it, driven by a script of Clients/Scripts: a case of the script is a test.</summary>
public abstract class ClientTest : EngineTest
{
    private string _name = "";

    protected static string Script(string name) => Path.Join(ServiceBinary.SourceRoot(), "tests", "Podsharp.System.Tests", "Clients", "Scripts", name);

    [TearDown]
    public async Task RemoveWhatTheCaseMadeAsync()
    {
        if (_name.Length == 0) return;
        // A script cleans up what it means to; a case that failed may leave any of it.
        foreach (var container in await Docker.LinesAsync("ps", "-aq", "--filter", $"name={_name}")) await Docker.RunAsync("rm", "-f", "-v", container);
        foreach (var network in await Docker.LinesAsync("network", "ls", "-q", "--filter", $"name={_name}")) await Docker.RunAsync("network", "rm", network);
        foreach (var volume in await Docker.LinesAsync("volume", "ls", "-q", "--filter", $"name={_name}")) await Docker.RunAsync("volume", "rm", volume);
        foreach (var image in await Docker.LinesAsync("images", "--filter", $"reference={_name}", "--format", "{{.Repository}}:{{.Tag}}")) await Docker.RunAsync("rmi", image);
    }

    /// <summary>Runs one case where the engine's published ports are; its traceback is the test's failure.</summary>
    protected async Task RunCaseAsync(string interpreter, string script, string name, params IReadOnlyList<string> environment)
    {
        _name = $"client-{Guid.NewGuid():N}"[..15];
        IReadOnlyList<string> told =
        [
            $"DOCKER_HOST=unix://{Engine.Socket}", $"IMAGE={Image}", $"NAME={_name}", "PYTHONDONTWRITEBYTECODE=1", .. environment, interpreter, Script(script), name,
        ];
        var result = await Engine.OnHost("env", told).RunAsync();

        Assert.That(result.ExitCode, Is.Zero, result.Both);
    }
}
