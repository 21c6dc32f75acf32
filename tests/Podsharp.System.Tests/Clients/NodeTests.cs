namespace Podsharp.System.Tests.Clients;

/// <summary>dockerode and testcontainers from npm.</summary>
public sealed class NodeTests : ClientTest
{
    private string _modules = "";

    [OneTimeSetUp]
    public async Task RequireAsync() => _modules = await NodeModules.RequireAsync();

    [TestCase("system")]
    [TestCase("images")]
    [TestCase("run")]
    [TestCase("attach")]
    [TestCase("logs")]
    [TestCase("execs")]
    [TestCase("archives")]
    [TestCase("stats")]
    [TestCase("life")]
    [TestCase("networks")]
    [TestCase("volumes")]
    [TestCase("events")]
    [TestCase("prune")]
    [TestCase("commits")]
    public Task Dockerode_works_unmodified(string name) => RunCaseAsync("node", "dockerode.js", name, $"NODE_PATH={_modules}");

    // Its reaper is an image of Docker Hub's, which the tests, offline, cannot have.
    [TestCase("waits_for_a_log_line")]
    [TestCase("waits_for_a_port")]
    [TestCase("waits_for_health")]
    [TestCase("waits_for_a_one_shot")]
    [TestCase("executes_and_copies")]
    [TestCase("joins_a_network_by_aliases")]
    public Task Testcontainers_works_unmodified(string name) =>
        RunCaseAsync("node", "testcontainers.js", name, $"NODE_PATH={_modules}", "TESTCONTAINERS_RYUK_DISABLED=true");
}
