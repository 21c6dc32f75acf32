using Podsharp.Drivers.Monitors;

namespace Podsharp.Drivers.Tests.Monitors;

[TestFixture]
public sealed class AttachQueueTests
{
    [TestCase("000000009ad614ba: 00000002 00000000 00010000 0005 02     0 /proc/self/fd/12/attach", true, TestName = "A_connection_that_nobody_has_taken_waits")]
    [TestCase("000000009ad614ba: 00000002 00000000 00010000 0005 01 1254890 /proc/self/fd/12/attach", false, TestName = "A_socket_that_listens_does_not_wait")]
    [TestCase("000000009ad614ba: 00000003 00000000 00000000 0005 03 1254891 /proc/self/fd/12/attach", false, TestName = "A_connection_that_was_taken_does_not_wait")]
    [TestCase("000000009ad614ba: 00000002 00000000 00010000 0001 02     0 /run/other.sock", false, TestName = "Sockets_of_others_do_not_count")]
    public void Lines_of_the_kernel_are_told_apart(string line, bool waits) => Assert.That(AttachQueue.IsWaiting(line), Is.EqualTo(waits));
}
