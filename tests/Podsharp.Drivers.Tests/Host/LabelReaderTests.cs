using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Drivers.Host;

namespace Podsharp.Drivers.Tests.Host;

public sealed class LabelReaderTests
{
    private const string Contexts = """
        process = "system_u:system_r:svirt_lxc_net_t:s0"
        content = "system_u:object_r:virt_var_lib_t:s0"
        file = "system_u:object_r:svirt_lxc_file_t:s0"
        ro_file="system_u:object_r:svirt_lxc_file_t:s0"
        """;

    [Test]
    public void The_policy_says_what_containers_and_their_files_are_called() =>
        Assert.That(LabelReader.Choose(Contexts, hasLevels: true, static _ => true), Is.EqualTo(Labels("svirt_lxc_net_t", "svirt_lxc_file_t", "s0")));

    [TestCase("")]
    [TestCase("# nothing\nprocess = \"nonsense\"\n")]
    [TestCase("process = \"system_u:system_r:svirt_lxc_net_t:s0\"")]
    public void The_usual_names_stand_for_what_it_does_not_say(string contexts) =>
        Assert.That(LabelReader.Choose(contexts, hasLevels: true, static _ => true), Is.EqualTo(Labels("container_t", "container_file_t", "s0")));

    [Test]
    public void Names_that_the_loaded_policy_does_not_know_are_passed_over()
    {
        Assert.That(
            LabelReader.Choose(Contexts, hasLevels: true, static label => label.Type.StartsWith("container", StringComparison.Ordinal)),
            Is.EqualTo(Labels("container_t", "container_file_t", "s0")));
        Assert.That(LabelReader.Choose(Contexts, hasLevels: true, static _ => false), Is.Null);
    }

    [Test]
    public void A_policy_without_levels_gets_none() =>
        Assert.That(LabelReader.Choose(Contexts, hasLevels: false, static _ => true), Is.EqualTo(Labels("svirt_lxc_net_t", "svirt_lxc_file_t", "")));

    [TestCase("unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023", "unconfined_u:unconfined_r:unconfined_t:s0")]
    [TestCase("system_u:system_r:container_runtime_t:s0:c1", "system_u:system_r:container_runtime_t:s0")]
    [TestCase("system_u:system_r:container_runtime_t:s0", "")]
    [TestCase("system_u:system_r:container_runtime_t", "")]
    [TestCase("unconfined", "")]
    public void What_carries_stdio_has_the_services_label_without_its_categories(string own, string carrier) =>
        Assert.That(LabelReader.CarrierOf(own), Is.EqualTo(carrier));

    private static LabelDefaults Labels(string process, string file, string level) =>
        new(new SecurityLabel("system_u", "system_r", process, level), new SecurityLabel("system_u", "object_r", file, level));
}
