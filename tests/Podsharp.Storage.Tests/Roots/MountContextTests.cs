using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Tests.Roots;

public sealed class MountContextTests
{
    [Test]
    public void The_commas_between_categories_are_not_those_between_options() =>
        Assert.That(MountContext.Option("system_u:object_r:container_file_t:s0:c1,c2"), Is.EqualTo(",context=\"system_u:object_r:container_file_t:s0:c1,c2\""));
}
