namespace Podsharp.System.Tests.Clients;

/// <summary>Debian's python3-docker.</summary>
public sealed class DockerPyTests : ClientTest
{
    // Not whichever python comes first in PATH: the package is Debian's.
    private const string Python = "/usr/bin/python3";

    [OneTimeSetUp]
    public async Task RequireAsync()
    {
        if (!File.Exists(Python) || (await new Command(Python, "-c", "import docker").RunAsync()).ExitCode != 0)
            Assert.Ignore("docker-py is not installed (package python3-docker)");
    }

    [TestCase("system")]
    [TestCase("images")]
    [TestCase("save_and_load")]
    [TestCase("commit")]
    [TestCase("run_attached")]
    [TestCase("run_detached")]
    [TestCase("logs")]
    [TestCase("attach")]
    [TestCase("execs")]
    [TestCase("archives")]
    [TestCase("stats")]
    [TestCase("life")]
    [TestCase("networks")]
    [TestCase("volumes")]
    [TestCase("events")]
    [TestCase("prune")]
    public Task Docker_py_works_unmodified(string name) => RunCaseAsync(Python, "docker_py.py", name);
}
