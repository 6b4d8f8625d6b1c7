"""A Slurm of one node on this machine: controller and node daemon on free ports of 127.0.0.1, with
everything they write in one folder. Needs neither systemd nor munge, and leaves nothing running."""

import getpass
import os
import pathlib
import socket
import subprocess
import time

CONFIGURATION = """\
ClusterName=glimpse
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SwitchType=switch/none
CommunicationParameters=NoCtldInAddrAny
KillWait=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Loopback:
    def __init__(self, folder, environment):
        self.folder = pathlib.Path(folder)
        self.env = {**environment, "SLURM_CONF": str(self.folder / "slurm.conf")}
        self.daemons = []

    def __enter__(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname(), ports=free_ports(2), user=getpass.getuser(),
            folder=self.folder))
        try:
            for daemon in ("slurmctld", "slurmd"):
                self.start(daemon)
            self.wait_until(lambda: self.tell("sinfo", "-h", "-o", "%T") == "idle", 30)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        if self.daemons:
            self.tell("scancel", "-f", "-s", "KILL", "-u", getpass.getuser())
            time.sleep(1)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()

    def start(self, daemon):
        with open(self.folder / f"{daemon}.log", "w") as log:
            self.daemons.append(subprocess.Popen(
                [daemon, "-D"], env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True))

    def tell(self, *command):
        """What a command prints, whatever its end."""
        return subprocess.run(command, env=self.env, text=True, capture_output=True,
                              timeout=30).stdout.strip()

    def wait_until(self, holds, seconds):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                logs = "".join(p.read_text()[-1000:] for p in self.folder.glob("*.log"))
                raise TimeoutError(f"Slurm: waited {seconds} s\n{logs}")
            time.sleep(0.2)


def environment(build):
    return {**os.environ, "PATH": f"{build}/bin:{os.environ['PATH']}:/usr/sbin:/sbin",
            "LC_ALL": "C.UTF-8"}
