"""What can go wrong with a book, each with the sentence the officer reads."""

from __future__ import annotations

from xiaobao_desktop.errors import OfFile, UserError
from xiaobao_desktop.files import DiskFull


class WrongPassword(UserError):
    """密码不对。请检查大小写和输入法后再试一次；忘记密码时，可以用打印的恢复密钥打开。"""


class KeyFileMissing(UserError):
    """{folder} 里没有钥匙文件 keys.json，台账打不开。请把原来的 keys.json 放回这个文件夹，或从备份恢复。"""


class KeyFileDamaged(OfFile):
    """{folder} 里的钥匙文件有损坏，台账暂时打不开，内容没有改动。请从备份恢复。"""


class BookExists(UserError):
    """{folder} 里已经有一本台账，没有新建，原来的没有改动。请直接打开它，或换一个文件夹新建。"""


class BookMissing(UserError):
    """{folder} 里没有台账。请选择台账所在的文件夹，或新建台账，或从备份恢复。"""


class BookEmpty(OfFile):
    """{folder} 里的台账文件是空的，没有任何内容。请从最近的备份恢复。"""


class BookForeign(OfFile):
    """{folder} 里的不是这把钥匙能打开的小保台账，没有打开，也没有改动。请核对文件夹；文件被换过的请从备份恢复。"""


class BookNewer(UserError):
    """这本台账由更新版本的小保保存（第 {found} 版，本程序只认到第 {known} 版），没有打开，也没有改动。请先升级小保。"""


class BookDamaged(OfFile):
    """{folder} 里的台账有损坏：{reason}。请先不要再记录，把整个文件夹复制一份留存，再从最近的备份恢复。"""


class BookInUse(UserError):
    """这本台账（{folder}）正在另一个小保窗口里使用。请先关掉那个窗口，再打开。"""


class BookLocked(UserError):
    """小保已经锁定，这一步没有做。请先输入密码解锁，再做一次。"""


class BookReadOnly(UserError):
    """台账所在的文件夹 {folder} 不能写入。请把整个文件夹复制到本机硬盘再打开，或请管理员放开写入权限。"""


class BookUnreachable(OfFile):
    """读写 {folder} 里的台账时磁盘出错，这一步没有保存，以前保存的都在。请检查磁盘是否接好，再重新打开台账。"""


class BookDiskFull(DiskFull):
    """磁盘满了，这一步没有保存，已经保存的内容都在。请先删掉不用的文件、腾出磁盘空间，再保存一次。"""


class BackupMissing(UserError):
    """没有找到备份文件 {file}。请检查 U 盘是否接好，或换一个备份文件。"""


class BackupDamaged(UserError):
    """备份文件 {file} 不能用：{reason}。现在的台账没有改动。请换一个备份文件再恢复。"""


class BackupForOfficer(UserError):
    """没有恢复：{name}是查阅人员，不能恢复备份。现在的台账没有改动。请由消保专员输入自己的密码来恢复。"""


class CopyNoRoom(DiskFull):
    """备份没有做成：“{folder}”所在的盘已满，先要放得下账簿的副本（{needed} MB）。请清出空间再试，以前的备份都在。"""


class BackupNotMade(UserError):
    """备份没有做成：{reason}。请先检查台账（数据 → 检查台账），再备份一次；以前的备份没有改动。"""


class BackupStopped(UserError):
    """备份没有做完就停下了。台账没有改动，以前的备份都在。请有空时再备份一次。"""


class RekeyNoRoom(UserError):
    """没有重新加密：账簿所在的盘要空出 {needed} MB，现在只有 {found} MB。请先清出空间；现在的账簿没有改动。"""


class RekeyStopped(UserError):
    """已停下，没有重新加密：账簿、密码和恢复密钥都没有改动。刚才显示的新恢复密钥和临时密码作废，印出来的请销毁。"""


class RekeyNotProven(UserError):
    """没有重新加密：{reason}。现在的账簿没有改动。请先到“数据”点“现在检查”，按提示处理好再做。"""


class RekeyOvertaken(UserError):
    """没有重新加密：做的过程中台账又有了改动。现在的账簿没有改动，请再做一次，做完以前不要登记。"""


class RekeyHalfway(UserError):
    """新账簿已经做好，只差换上：{reason}请关掉小保重新打开，用新密码登录，会接着换完。"""


class AttachmentMissing(UserError):
    """附件“{name}”的文件不在账簿文件夹里了。请从备份恢复，或把原来的文件重新添加一次。"""


class AttachmentDamaged(UserError):
    """附件“{name}”的文件有损坏，读不出来。请从备份恢复，或把原来的文件重新添加一次。"""


class SqliteTooOld(UserError):
    """程序自带的数据库组件太旧（{found}，至少要 {needed}），可能丢失数据，没有打开台账。请重新安装小保。"""
